/** Ports whose every call is a step: a crash or a seeded scheduler decides what happens at each. */
import type { Bytes, Ports } from "../src/index.js";

type Step = (call: string) => Promise<void>;

/** Awaits `step` before and after each port call, also between the chunks of a body. */
export function stepped(ports: Ports, step: Step): Ports {
  const body = async function* (bytes: Bytes, call: string): Bytes {
    for await (const chunk of bytes) {
      await step(`${call} body`);
      yield chunk;
    }
    await step(`${call} body end`);
  };
  const wrap = <T extends object>(port: T, portName: string): T =>
    new Proxy(port, {
      get(target, property) {
        const method = Reflect.get(target, property) as ((...args: unknown[]) => unknown) | undefined;
        if (method === undefined) return undefined;
        const call = `${portName}.${String(property)}`;
        return (...args: unknown[]) => {
          const passed = args.map((arg) => (isBody(arg) ? body(arg, call) : arg));
          if (["list", "read"].includes(String(property)))
            return steppedStream(() => method(...passed) as Bytes, call, step);
          return (async () => {
            await step(`before ${call}`);
            const result = await method(...passed);
            await step(`after ${call}`);
            return result;
          })();
        };
      },
    });
  return {
    objects: wrap(ports.objects, "objects"),
    blobs: wrap(ports.blobs, "blobs"),
    archives: wrap(ports.archives, "archives"),
  };
}

function isBody(value: unknown): value is Bytes {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function* steppedStream(open: () => Bytes, call: string, step: Step): Bytes {
  await step(`before ${call}`);
  for await (const item of open()) {
    yield item;
    await step(`in ${call}`);
  }
}

/** A process that dies: step number `at` and all that follow never return. */
export class Crash extends Error {}

export function crashAt(at: number): { step: Step; died: () => boolean; last: () => string } {
  let steps = 0;
  let last = "";
  return {
    async step(call) {
      if (steps++ < at) return;
      if (steps - 1 === at) last = call;
      throw new Crash(call);
    },
    died: () => steps > at,
    last: () => last,
  };
}

/** Runs actors whose port calls are let go one at a time, in an order that `seed` decides; switches with this chance. */
export async function interleave(
  seed: number,
  switchChance: number,
  actors: ReadonlyArray<(step: Step) => Promise<void>>,
): Promise<void> {
  const random = mulberry32(seed);
  /** Of each actor the steps that wait, in order: it may have several port calls under way. */
  const waiting = new Map<number, (() => void)[]>();
  const failures: unknown[] = [];
  let running = actors.length;
  let wake: () => void = () => {};
  let current = 0;
  actors.forEach((actor, i) => {
    const step: Step = () =>
      new Promise((resolve) => {
        waiting.set(i, [...(waiting.get(i) ?? []), resolve]);
        wake();
      });
    void actor(step)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        running--;
        wake();
      });
  });
  for (;;) {
    while (running > 0 && waiting.size < running) await new Promise<void>((resolve) => (wake = resolve));
    if (running === 0) break;
    const ids = [...waiting.keys()].sort((a, b) => a - b);
    if (!waiting.has(current) || random() < switchChance) current = ids[Math.floor(random() * ids.length)] ?? 0;
    const [go, ...rest] = waiting.get(current) ?? [];
    if (rest.length > 0) waiting.set(current, rest);
    else waiting.delete(current);
    go?.();
  }
  if (failures.length > 0) throw failures[0];
}

export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
