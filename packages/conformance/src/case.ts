/** A test case is data, so that any runner, the command line and other suites can run it. */
import { type Feature, type Offering, offering, type Subject } from "./subject.js";

export interface Case {
  /** The topic that the case belongs to. */
  readonly concern: string;
  /** States what must hold. Unique among all cases. */
  readonly name: string;
  readonly needs: readonly Feature[];
  /** Rejects if the adapter is wrong, and says how. The subject's store must be empty. `note` gets figures, if there are any. */
  run(subject: Subject, note?: Note): Promise<void>;
}

/** Gets what a case has measured, in words. */
export type Note = (text: string) => void;

/** Makes one {@link Case} of a concern; `run` gets a subject that has what the case needs. */
export type CaseMaker = <const F extends Feature>(
  needs: readonly F[],
  name: string,
  run: (subject: Offering<F>, note: Note) => Promise<void>,
) => Case;

export function about(concern: string): CaseMaker {
  return (needs, name, run) => ({
    concern,
    name,
    needs,
    run: async (subject, note = () => {}) => run(offering(subject, needs), note),
  });
}
