/** Checks the arguments of every operation at the front door. */

import { checkCount, checkName, isName } from "./adapter/validate.js";
import type { Archiver, StartOptions } from "./archiver.js";
import type { ProgressOptions, WarningOptions } from "./events.js";
import type { ArchiveRequest } from "./ops/archive/archive-types.js";
import type { DescribeOptions } from "./ops/describe.js";
import type { ExamineOptions } from "./ops/examine/examine.js";
import type { ExportOptions } from "./ops/export.js";
import type { ForgetOptions } from "./ops/forget/forget.js";
import type { GcOptions } from "./ops/gc/gc.js";
import { checkRanges, checkSource } from "./ops/import/check-source.js";
import type { ImportOptions } from "./ops/import/import-types.js";
import type { ListOptions } from "./ops/list.js";
import type { ListNewestOptions } from "./ops/list-newest.js";
import type { MirrorOptions } from "./ops/mirror/mirror-types.js";
import type { PruneSessionOptions } from "./ops/prune/prune.js";
import type { PruneOptions } from "./ops/prune/prune-limits.js";
import type { RebuildOptions } from "./ops/rebuild/rebuild.js";
import type { SettleOptions } from "./ops/recount.js";
import type { RemoveOptions } from "./ops/remove/remove.js";
import type { RestoreOptions } from "./ops/restore/restore.js";
import type { SalvageOptions } from "./ops/salvage/salvage-types.js";
import type { SweepOptions } from "./ops/sweep/plan-sweep.js";
import { checkSample } from "./ops/verify/sample.js";
import type { VerifyOptions } from "./ops/verify/verify.js";
import type { VerifyAllOptions } from "./ops/verify/verify-report.js";
import {
  amount,
  type Check,
  callable,
  checkOptions,
  flag,
  isObject,
  type Known,
  later,
  must,
  object,
  text,
} from "./options.js";
import type { ByteRange, OpOptions } from "./ports.js";
import type { LinesOptions } from "./read/line-index/open-lines.js";
import type { LineRange } from "./read/lines.js";
import type { ReadOptions } from "./read/read.js";
import { sessionBytes } from "./read/session-bytes.js";
import type { RecorderOptions } from "./record/recorder-types.js";

const signal = must("an AbortSignal", (value) => isObject(value) && "aborted" in value);
const id: Check = (value) => checkName(value, "session id");
const ids = must(
  "an iterable of ids",
  (value) =>
    value === undefined ||
    (typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)),
);

function options<Options>(known: Known<Options>): Check {
  return (value, name) => {
    if (value !== undefined) checkOptions(name, value, known);
  };
}

const OP: Known<OpOptions> = { signal };
const LONG: Known<OpOptions & ProgressOptions> = { ...OP, onProgress: callable };
const READ: Known<ReadOptions> = {
  ...OP,
  name: text,
  version: must("a whole number from 1 on", (value) => Number.isSafeInteger(value) && Number(value) > 0),
};
const PRUNE: Known<PruneOptions> = {
  ...OP,
  maxTotalBytes: amount,
  olderThanDays: amount,
  graceDays: amount,
  by: must('"activity" or "archived"', (value) => value === "activity" || value === "archived"),
  tombstonesOnly: flag,
};
const SWEEP: Known<SweepOptions> = { ...PRUNE, inactiveDays: amount, all: flag };
const VERIFY: Known<VerifyOptions & ProgressOptions> = { ...LONG, note: flag };
const op = options(OP);
const read = options(READ);
const range = options<ByteRange>({ start: later, end: later });
const lines: Check = (value, name) => checkOptions(name, value, { from: later, to: later } satisfies Known<LineRange>);

const unknown = must('"keep" or "delete"', (value) => value === "keep" || value === "delete");
const GC = options<GcOptions>({ ...OP, graceDays: amount, dryRun: flag, unknown });

const rewritten: Check = must('"replace" or "leave"', (value) => value === "replace" || value === "leave");
const aliases = must("a list of ids", (value) => Array.isArray(value) && value.every(isName));

const originals: Check = (value, name) => {
  must("a list of files", Array.isArray)(value, `${name}: the originals`);
  for (const original of value as readonly unknown[]) {
    object(original, `${name}: an original`);
    const { name: file, source } = original as { readonly name?: unknown; readonly source?: unknown };
    checkName(file, "name of the original");
    checkRanges(source, name);
  }
};

const storeId = must("12 hex digits", (value) => typeof value === "string" && /^[0-9a-f]{12}$/.test(value));

/** The checks of each operation's arguments, in order. */
const ARGUMENTS: { readonly [Name in keyof Archiver]: readonly Check[] } = {
  create: [id, (value, name) => value === undefined || object(value, `${name}: the metadata`), op],
  update: [id, callable, op],
  archive: [id, options<ArchiveRequest & ProgressOptions>({ ...LONG, mendTimes: flag, repack: flag })],
  restore: [id, options<RestoreOptions & ProgressOptions>({ ...LONG, keepArchive: flag })],
  read: [id, options<ReadOptions & { readonly range?: ByteRange }>({ ...READ, range })],
  lines: [id, lines, read],
  tail: [id, later, read],
  since: [id, later, read],
  open: [id, read],
  openFiles: [id, options<OpOptions & WarningOptions>({ ...OP, onWarning: callable })],
  openLines: [id, options<LinesOptions>({ ...READ, cacheBytes: amount, onWarning: callable })],
  export: [
    id,
    options<ExportOptions & ProgressOptions>({
      ...LONG,
      ...READ,
      as: must('"jsonl" or "gzip"', (value) => value === "jsonl" || value === "gzip"),
    }),
  ],
  info: [id, op],
  files: [id, op],
  list: [
    options<ListOptions>({
      ...OP,
      prefix: text,
      from: must('"metadata"', (value) => value === "metadata"),
      onFailure: callable,
    }),
  ],
  listNewest: [options<ListNewestOptions>({ ...OP, prefix: text, after: text, onFailure: callable })],
  sweep: [options({ ...SWEEP, ...LONG })],
  plan: [options(SWEEP)],
  prune: [options(PRUNE)],
  pruneSession: [id, options<PruneSessionOptions>({ ...OP, reason: text })],
  undoPrune: [id, op],
  describe: [id, options<DescribeOptions>({ ...OP, refresh: flag })],
  settle: [id, options<SettleOptions>({ ...OP, recount: flag })],
  gc: [GC],
  remove: [id, options<RemoveOptions>({ ...OP, unknown })],
  forget: [id, options<ForgetOptions>({ ...OP, dryRun: flag, evenIfUnknown: flag })],
  undoForget: [id, op],
  catchUp: [op],
  examine: [options<ExamineOptions>({ ...OP, quick: flag, graceDays: amount })],
  rebuild: [options<RebuildOptions>({ ...OP, storeId, quick: flag, from: object })],
  history: [op],
  setBack: [op],
  import: [id, checkSource, options<ImportOptions>({ ...OP, meta: object, aliases, rewritten, onProgress: callable })],
  mirror: [
    id,
    originals,
    options<MirrorOptions>({ ...OP, meta: object, aliases, originals: object, members: object, onProgress: callable }),
  ],
  storeId: [op],
  lacksCatalogue: [op],
  verify: [id, options(VERIFY)],
  verifyAll: [
    ids,
    options<VerifyAllOptions & ProgressOptions>({
      ...VERIFY,
      sample: checkSample,
      resume: flag,
      random: callable,
      onSession: callable,
    }),
  ],
  salvage: [id, options<SalvageOptions>({ ...OP, dryRun: flag })],
  pin: [id, flag, op],
  recorder: [
    id,
    options<RecorderOptions>({ create: object, statsEveryMs: amount, at: (value) => checkCount(value, "size in at") }),
  ],
  start: [
    options<StartOptions>({
      ...SWEEP,
      everyMs: must("more than 0", (value) => typeof value === "number" && value > 0),
      runExclusive: callable,
    }),
  ],
};

/** Operations that return an iterable: they fail at its first step. */
const STREAM = /^(read|lines|tail|since|list|listNewest|plan|examine|history)$/;
/** Operations that return no promise: they throw at once. */
const AT_ONCE = /^(recorder|start)$/;

/** Wraps the archiver so that its operations reject wrong arguments before they do anything. */
export function checkingArguments(archiver: Archiver): Archiver {
  const checked = Object.entries(archiver).map(([name, operation]: [string, (...given: unknown[]) => unknown]) => {
    const checks = ARGUMENTS[name as keyof Archiver];
    const call = (...given: unknown[]): unknown => {
      try {
        for (const [i, check] of checks.entries()) check(given[i], name);
      } catch (error) {
        if (AT_ONCE.test(name)) throw error;
        return STREAM.test(name) ? sessionBytes(() => failing(error)) : Promise.reject(error);
      }
      return operation(...given);
    };
    return [name, call];
  });
  return Object.fromEntries(checked);
}

// biome-ignore lint/correctness/useYield: it fails instead
async function* failing(error: unknown): AsyncGenerator<never> {
  throw error;
}
