/** Ports that stop: from one step on, no call takes effect or returns. */
import type { Ports } from "@session-archiver/core";
import { type PortProcess, portsOf } from "./faults.js";

export interface Stopping {
  readonly ports: Ports;
  /** Resolves once the step was reached. */
  readonly stopped: Promise<void>;
  /** Steps so far. Greater than the step to stop at once that was reached. */
  steps(): number;
  /** Lets the hanging calls fail, so that they hold on to nothing. */
  release(): void;
}

/** A write has a step before it, one before each chunk of its body, one at the body's end, and one after it has taken effect. */
export function stoppingAt(ports: Ports, at: number): Stopping {
  const stopped = Promise.withResolvers<void>();
  const held = Promise.withResolvers<never>();
  held.promise.catch(() => undefined); // there may be no call that waits
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
