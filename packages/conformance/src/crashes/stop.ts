/** Ports that stop: from one step on, no call takes effect and none comes back. */
import type { Ports } from "@session-archiver/core";
import { type PortProcess, portsOf } from "./faults.js";

export interface Stopping {
  readonly ports: Ports;
  /** Resolves once the step was reached. */
  readonly stopped: Promise<void>;
  /** Steps so far: more than the one to stop at if it came to that. */
  steps(): number;
  /** Lets the calls that hang fail, so that nothing is kept by them. */
  release(): void;
}

/** A write has a step before it, one before each piece of its body and at its end, and one when it has taken effect. */
export function stoppingAt(ports: Ports, at: number): Stopping {
  const stopped = Promise.withResolvers<void>();
  const held = Promise.withResolvers<never>();
  held.promise.catch(() => undefined); // nobody may be waiting
  let steps = 0;
  let released = false;
  const process: PortProcess = {
    async step() {
      if (steps++ < at) return;
      stopped.resolve();
      if (released) throw died();
      await held.promise;
    },
    before: () => undefined,
    fault: () => undefined,
    later: () => undefined,
    delay: () => undefined,
    syncsLate: true,
    stepsInBodies: true,
    synced: () => undefined,
    damaged: () => undefined,
  };
  return {
    ports: portsOf(ports, process),
    stopped: stopped.promise,
    steps: () => steps,
    release() {
      released = true;
      held.reject(died());
    },
  };
}

function died(): Error {
  return new Error("The process has died.");
}
