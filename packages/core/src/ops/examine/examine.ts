/** Looks at everything that a store holds and says what is wrong with it, and how to mend it. Changes nothing. */
import type { Context } from "../../context.js";
import type { OpOptions } from "../../ports.js";
import { DEFAULT_GC_GRACE_DAYS } from "../gc/gc.js";
import { recordFindings, wrongCatalogue } from "./catalogue.js";
import type { Finding } from "./finding.js";
import { sessionFindings } from "./sessions.js";
import { sinkFindings } from "./sink.js";

export interface ExamineOptions extends OpOptions {
  /** Reads no archives: damage within them is not found then. By default every byte is read. */
  readonly quick?: boolean | undefined;
  /** Archive objects younger than this many days may belong to an archive that is being written; 1 by default. */
  readonly graceDays?: number | undefined;
}

export async function* examine(ctx: Context, options: ExamineOptions = {}): AsyncGenerator<Finding> {
  const { quick = false, graceDays = DEFAULT_GC_GRACE_DAYS, ...op } = options;
  const wrong = await wrongCatalogue(ctx, op);
  if (wrong) {
    yield wrong;
    return;
  }
  yield* recordFindings(ctx, op);
  yield* sessionFindings(ctx, quick, op);
  yield* sinkFindings(ctx, graceDays, op);
}
