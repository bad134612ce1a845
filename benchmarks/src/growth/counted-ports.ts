/** Ports that count what is asked of them. */
import type { Bytes } from "@session-archiver/core";
import type { Counts } from "./costs.js";

export interface PortCounter {
  /** The same port, or ports, counted together with all others of this counter. */
  counted<T extends object>(port: T): T;
  counts(): Counts;
}

export function portCounter(): PortCounter {
  const counter = { calls: 0, items: 0, given: 0, taken: 0 };
  return { counted: (port) => counted(port, counter), counts: () => ({ ...counter }) };
}

type Counter = { -readonly [K in keyof Counts]: number };

/** Ports, a port, or a part of one such as `ownMeta`. */
function counted<T extends object>(target: T, counter: Counter): T {
  return new Proxy(target, {
    get(of, method, receiver) {
      const value: unknown = Reflect.get(of, method, receiver);
      if (typeof value === "object" && value !== null) return counted(value, counter);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        counter.calls++;
        return outcome(
          Reflect.apply(
            value,
            of,
            args.map((arg) => taken(arg, counter)),
          ),
          counter,
        );
      };
    },
  });
}

/** An argument: a body, a chunk, or metadata. */
function taken(arg: unknown, counter: Counter): unknown {
  if (arg instanceof Uint8Array) counter.taken += arg.length;
  else if (isIterable(arg)) return countedBytes(arg as Bytes, counter);
  else if (isMeta(arg)) counter.taken += sizeOf(arg);
  return arg;
}

function outcome(result: unknown, counter: Counter): unknown {
  if (isIterable(result)) return countedItems(result, counter);
  if (!(result instanceof Promise)) return result;
  return result.then((value: unknown) => {
    if (typeof value === "object" && value !== null) counter.given += sizeOf(value);
    return value;
  });
}

async function* countedBytes(bytes: Bytes, counter: Counter): Bytes {
  for await (const chunk of bytes) {
    counter.taken += chunk.length;
    yield chunk;
  }
}

async function* countedItems(items: AsyncIterable<unknown>, counter: Counter): AsyncGenerator<unknown> {
  for await (const item of items) {
    if (item instanceof Uint8Array) counter.given += item.length;
    else {
      counter.items++;
      counter.given += sizeOf(item);
    }
    yield item;
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Options hold a signal, a query no more than small values. */
function isMeta(value: unknown): boolean {
  return typeof value === "object" && value !== null && !("signal" in value);
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
