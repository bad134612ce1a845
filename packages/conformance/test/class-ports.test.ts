/** Ports are called as methods: adapters may be classes. */
import { memoryPorts } from "@session-archiver/core";
import { describe, test } from "vitest";
import { cases, conformance } from "../src/index.js";

/** The same port; its methods work only if they are called on it. */
function needingThis<T extends object>(port: T): T {
  const bound: T = new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return function (this: unknown, ...args: unknown[]): unknown {
        if (this !== bound) throw new TypeError(`${String(name)} was called without its object.`);
        return Reflect.apply(method, target, args);
      };
    },
  });
  return bound;
}

conformance(
  { describe, test },
  "ports whose methods need this",
  async () => {
    const { objects, blobs, archives } = memoryPorts();
    return { objects: needingThis(objects), blobs: needingThis(blobs), archives: needingThis(archives) };
  },
  {
    offers: ["objects", "blobs", "archives", "ownMeta", "listNewest", "claim"],
    cases: cases.filter(({ concern }) => /^(Lifecycle: |Objects: compare|Separation)/.test(concern)),
  },
);
