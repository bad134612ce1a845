/** Ports whose calls go through points, at one of which everything stops: what a tab that dies there has done. */
import type { Bytes, Ports } from "@session-archiver/core";

/** A point in a port call; the call goes on when it resolves. */
export type Step = (point: string) => Promise<void>;

/** Points: before each call, while it is under way, after it, and before each chunk and the end of a body it reads. */
export function withSteps(ports: Ports, step: Step): Ports {
  return {
    objects: wrap(ports.objects, "objects", step),
    blobs: wrap(ports.blobs, "blobs", step),
    archives: wrap(ports.archives, "archives", step),
  };
}

function wrap<T extends object>(port: T, portName: string, step: Step): T {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (!member) return undefined; // optional, and not there
      const call = `${portName}.${String(property)}`;
      if (typeof member === "object") return wrap(member, call, step); // a port inside a port
      const method = member as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const passed = args.map((arg) => (isStream(arg) ? body(arg, call, step) : arg));
        if (property === "list" || property === "read") return stream(() => method(...passed) as Bytes, call, step);
        return (async () => {
          await step(`before ${call}`);
          const result = Promise.resolve(method(...passed));
          result.catch(() => {});
          await step(`during ${call}`);
          const value = await result;
          await step(`after ${call}`);
          return value;
        })();
      };
    },
  });
}

async function* body(bytes: Bytes, call: string, step: Step): Bytes {
  for await (const chunk of bytes) {
    await step(`${call}, a chunk of the body`);
    yield chunk;
  }
  await step(`${call}, end of the body`);
}

async function* stream(open: () => Bytes, call: string, step: Step): Bytes {
  await step(`before ${call}`);
  for await (const item of open()) {
    yield item;
    await step(`in ${call}`);
  }
}

function isStream(value: unknown): value is Bytes {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

export interface Cut {
  readonly step: Step;
  /** Resolves to the point where everything stopped. */
  readonly stopped: Promise<string>;
  /** Everything goes on. */
  readonly goOn: () => void;
  /** Points passed that count. */
  readonly count: () => number;
}

/** Which points count. Between two operations that take turns, those before a write are where it matters. */
export type Points = "all" | "before writes" | "in bodies";

const COUNTING: Readonly<Record<Points, RegExp>> = {
  all: /^/,
  "before writes": /^before [\w.]+\.(put|create|append|delete)$/,
  "in bodies": /body$/,
};

/** Stops at point number `at` of those that count, counted from 0, and at all that follow. */
export function cutAt(at: number, points: Points = "all"): Cut {
  const stopped = Promise.withResolvers<string>();
  const released = Promise.withResolvers<void>();
  let isStopped = false;
  let passed = 0;
  return {
    async step(point) {
      const counts = COUNTING[points].test(point);
      if (!isStopped && (!counts || passed++ < at)) return;
      isStopped = true;
      stopped.resolve(point);
      await released.promise;
    },
    stopped: stopped.promise,
    goOn: released.resolve,
    count: () => passed,
  };
}
