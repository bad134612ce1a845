/** Ports that stop working, as when a process dies or a connection breaks. */
import { ArchiverError, type Bytes, type Ports } from "@session-archiver/core/adapter";

export interface Dying {
  readonly ports: Ports;
  /** Whether the ports have stopped. */
  readonly died: () => boolean;
}

/**
 * The same ports for a number of steps; the next step, and every call after it, fails. A write has a step
 * before it, one at the end of its body, and one after it has taken effect, so that the caller doesn't learn of it.
 */
export function dyingAfter({ objects, blobs, archives }: Ports, steps: number): Dying {
  let left = steps;
  const alive = (): void => {
    if (left < 0) throw new ArchiverError("UNAVAILABLE", "The process has died.");
  };
  const step = (): void => {
    left--;
    alive();
  };
  const read = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      alive();
      return call(...args);
    };
  };
  const write = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      step();
      const result = await call(...args);
      step();
      return result;
    };
  };
  const stream = <A extends unknown[], R>(call: (...args: A) => AsyncIterable<R>) => {
    return async function* (...args: A): AsyncGenerator<R> {
      alive();
      for await (const item of call(...args)) {
        yield item;
        alive();
      }
    };
  };
  const body = async function* (bytes: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      yield chunk;
      alive();
    }
    step();
  };
  return {
    died: () => left < 0,
    ports: {
      objects: {
        get: read(objects.get.bind(objects)),
        put: write(objects.put.bind(objects)),
        delete: write(objects.delete.bind(objects)),
        list: stream(objects.list.bind(objects)),
      },
      blobs: {
        stat: read(blobs.stat.bind(blobs)),
        list: stream(blobs.list.bind(blobs)),
        read: stream(blobs.read.bind(blobs)),
        create: write((key, generation, bytes, op) => blobs.create(key, generation, body(bytes), op)),
        append: write(blobs.append.bind(blobs)),
        delete: write(blobs.delete.bind(blobs)),
      },
      archives: {
        put: write((key, bytes, op) => archives.put(key, body(bytes), op)),
        stat: read(archives.stat.bind(archives)),
        read: stream(archives.read.bind(archives)),
        delete: write(archives.delete.bind(archives)),
        list: stream(archives.list.bind(archives)),
      },
    },
  };
}
