/** Stores that die at one of their writes, as in a tab that is closed. */
import { ArchiverError, type Ports } from "@session-archiver/core";

export interface Crash {
  readonly ports: Ports;
  readonly hasHappened: boolean;
}

const WRITES: ReadonlySet<string> = new Set(["put", "create", "append", "delete"]);

/** The write with this number, from 0, is either done or not, and then rejects; all later calls reject, too. */
export function crashingAt(ports: Ports, write: number, isDone: boolean): Crash {
  let writes = 0;
  let dead = false;
  const gone = (): ArchiverError => new ArchiverError("UNAVAILABLE", "The tab was closed.");
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (!member) return undefined; // an optional method that this port lacks
        if (typeof member === "object") return wrap(member); // a port inside a port
        const method = member as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (dead) return failing(name, gone());
          if (typeof name !== "string" || !WRITES.has(name) || writes++ !== write) return method.apply(target, args);
          dead = true;
          return (async () => {
            if (isDone) await method.apply(target, args);
            throw gone();
          })();
        };
      },
    });
  return {
    ports: { objects: wrap(ports.objects), blobs: wrap(ports.blobs), archives: wrap(ports.archives) },
    get hasHappened() {
      return dead;
    },
  };
}

/** Fails as the port would: a stream fails when it is read. */
function failing(name: string | symbol, error: ArchiverError): unknown {
  if (name !== "list" && name !== "read") return Promise.reject(error);
  return {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
  };
}
