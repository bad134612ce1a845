/** Which process runs next, and which calls fail: decided by a seed and noted, or repeated from the notes. */
import type { Fault } from "@session-archiver/conformance/faults";
import { oneOf, type Random, seeded } from "@session-archiver/test-kit/random";
import type { Choose } from "./scheduler.js";
import type { Plan } from "./session/plan.js";

/** Decisions other than the default. By default the same process continues, or else the first that can, and nothing fails. */
export interface Trace {
  /** At this step, this process ran. */
  readonly switches: readonly (readonly [step: number, process: number])[];
  /** This call of this process failed. */
  readonly faults: readonly (readonly [process: number, call: number, fault: Fault])[];
}

export interface Choices {
  readonly choose: Choose;
  fault(process: number, call: number, kinds: readonly [Fault, ...Fault[]]): Fault | undefined;
  /** The decisions so far. */
  trace(): Trace;
}

export function choicesOf(plan: Pick<Plan, "seed" | "switchChance" | "faultPercent">): Choices {
  const { seed, switchChance, faultPercent } = plan;
  const random = seeded(seed);
  const faulty: Random = seeded(seed ^ 0x5bd1e995);
  return noting(
    (ready, current) =>
      !ready.includes(current) || random() < switchChance ? (ready[Math.floor(random() * ready.length)] ?? 0) : current,
    (_process, _call, kinds) => (faultPercent > 0 && faulty() * 100 < faultPercent ? oneOf(faulty, kinds) : undefined),
  );
}

export function replayOf({ switches, faults }: Trace): Choices {
  const switchAt = new Map(switches);
  const faultAt = new Map(faults.map(([process, call, fault]) => [`${process}.${call}`, fault]));
  return noting(
    (ready, current, step) => {
      const wanted = switchAt.get(step);
      return wanted !== undefined && ready.includes(wanted) ? wanted : byDefault(ready, current);
    },
    (process, call, kinds) => {
      const fault = faultAt.get(`${process}.${call}`);
      return fault && kinds.includes(fault) ? fault : undefined;
    },
  );
}

function byDefault(ready: readonly number[], current: number): number {
  return ready.includes(current) ? current : (ready[0] ?? 0);
}

function noting(choose: Choose, fault: Choices["fault"]): Choices {
  const switches: [number, number][] = [];
  const faults: [number, number, Fault][] = [];
  return {
    choose(ready, current, step) {
      const chosen = choose(ready, current, step);
      if (chosen !== byDefault(ready, current)) switches.push([step, chosen]);
      return chosen;
    },
    fault(process, call, kinds) {
      const chosen = fault(process, call, kinds);
      if (chosen) faults.push([process, call, chosen]);
      return chosen;
    },
    trace: () => ({ switches, faults }),
  };
}
