/** Verifies many sessions: those that are named, all, a sample, or what a pass over the store has not come to yet. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../../errors.js";
import { tell } from "../../events.js";
import { parseKey } from "../../format/keys.js";
import { wrong } from "../../options.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { hasArchives, knownWholeAt } from "../../session/known-whole.js";
import { isRemoving } from "../../session/state.js";
import { bytesToRead } from "../gc/proof.js";
import { inTurn, type Jobs } from "../in-turn.js";
import { failureOf } from "../report.js";
import { choiceOf } from "./choice.js";
import { openPass } from "./pass.js";
import { lookAt, type Verified, type VerifyOptions, verifySeen } from "./verify.js";
import type { VerifyAllOptions, VerifyReport } from "./verify-report.js";

type Ids = AsyncIterable<string> | Iterable<string>;

/**
 * A session that is bad is reported and does not stop the others. `INVALID_ARGUMENT` for options that exclude each
 * other, `ABORTED` if it was stopped: what was noted by then is kept.
 */
export async function verifyAll(
  ctx: Context,
  ids: Ids | undefined,
  options: VerifyAllOptions = {},
): Promise<VerifyReport> {
  checkTogether(ids, options);
  const report: VerifyReport = { checked: 0, bad: [], skipped: 0, total: null, complete: false, knownWholeAt: null };
  if (ids === undefined) return verifyStore(ctx, report, options);
  const count = (id: string): void => {
    tell(options.onSession, { id, done: report.checked++, toDo: 0 });
  };
  await verifyEach(ctx, ids, options, count, (id, _, error) => {
    if (error !== undefined) report.bad.push(failureOf(id, error));
  });
  return report;
}

/** `turn`: called before `done`, both in the order of the ids. */
async function verifyEach(
  ctx: Context,
  ids: Ids,
  options: VerifyOptions,
  turn: (id: string) => void,
  done: Jobs<string, Verified>["done"],
): Promise<void> {
  const jobs: Jobs<string, Verified> = {
    idOf: (id) => id,
    async work(one, id, weighed) {
      const seen = await lookAt(one, id, options);
      return weighed(bytesToRead(seen.snapshot), () => verifySeen(one, seen, options));
    },
    turn,
    done,
  };
  await inTurn(ctx, ids, jobs, options);
}

function checkTogether(ids: Ids | undefined, { sample, resume, note }: VerifyAllOptions): void {
  if (ids !== undefined && (sample !== undefined || resume)) {
    const option = resume ? "resume" : "sample";
    throw wrong(`verifyAll: ${option} is for the whole store: leave out the ids, or the option.`);
  }
  if (sample !== undefined && resume) throw wrong("verifyAll: give sample or resume, not both.");
  if (resume && !note) throw wrong("verifyAll: resume needs note: true, because it goes on from what was noted.");
}

async function verifyStore(ctx: Context, report: VerifyReport, options: VerifyAllOptions): Promise<VerifyReport> {
  const { signal, sample, resume, onSession } = options;
  const pass = resume ? await openPass(ctx, { signal }) : undefined;
  const choice = await choiceOf(options, pass, () => sessions(ctx, { signal }));
  let total = 0;
  let earliest = Number.POSITIVE_INFINITY;
  const hold = (at: number | undefined): void => {
    earliest = Math.min(earliest, at ?? Number.NEGATIVE_INFINITY);
  };
  const picked = async function* (): AsyncGenerator<string> {
    for await (const { id, meta } of sessions(ctx, { signal })) {
      throwIfAborted(signal, { id });
      if (!choice.isAmong(meta)) continue;
      total++;
      if (choice.picks(meta)) yield id;
      else {
        report.skipped++;
        if (hasArchives(meta)) hold(knownWholeAt(meta));
      }
    }
  };
  const count = (id: string): void => {
    tell(onSession, { id, done: report.checked++, toDo: choice.toDo });
  };
  await verifyEach(ctx, picked(), options, count, (id, verified, error) => {
    if (verified && hasArchives(verified.snapshot.object.meta)) hold(verified.at);
    else if (hasCode(error, "NOT_FOUND")) {
      // It was removed since it was listed.
      report.checked--;
      total--;
    } else if (error !== undefined) report.bad.push(failureOf(id, error));
  });
  await pass?.close();
  if (total === 0 && (await lacksCatalogue(ctx, { signal }))) {
    report.bad.push(failureOf("", new ArchiverError("CORRUPT", NO_CATALOGUE)));
  }
  const complete = sample === undefined;
  return { ...report, total, complete, knownWholeAt: Number.isFinite(earliest) ? earliest : null };
}

const NO_CATALOGUE =
  "The catalogue knows no session, but there are archives in the sink: it was lost, or belongs to another sink. Nothing was checked. 'rebuild' makes the catalogue of these archives anew.";

/** Whether the catalogue is empty although there are archives that some catalogue must have named. */
export async function lacksCatalogue(ctx: Context, op: OpOptions = {}): Promise<boolean> {
  for await (const _ of ctx.objects.list(undefined, op)) return false;
  for await (const { key } of ctx.archives.list(undefined, op)) if (parseKey(key)) return true;
  return false;
}

async function* sessions(ctx: Context, op: OpOptions): AsyncGenerator<StoredObject> {
  for await (const object of ctx.objects.list(undefined, op)) if (!isRemoving(object.meta)) yield object;
}
