/** How often each method of each port is called. */
import type { Ports } from "../src/index.js";

/** By port and method, such as `objects.get`. */
export type Calls = Readonly<Record<string, number>>;

/** The ports with each of their methods noted as it is called. */
export function countedPorts({ objects, blobs, archives }: Ports, note: (name: string) => void): Ports {
  return {
    objects: counted("objects", objects, note),
    blobs: counted("blobs", blobs, note),
    archives: counted("archives", archives, note),
  };
}

/** Those of what the store keeps of its own, too. */
function counted<T extends object>(port: string, target: T, note: (name: string) => void): T {
  return new Proxy(target, {
    get(of, method, receiver) {
      const value: unknown = Reflect.get(of, method, receiver);
      if (typeof value === "object" && value !== null) return counted(String(method), value, note);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        note(`${port}.${String(method)}`);
        return Reflect.apply(value, of, args);
      };
    },
  });
}
