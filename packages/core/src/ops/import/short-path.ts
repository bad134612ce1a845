/**
 * The short way to a source that has only grown: its first and last windows are compared with what the session holds, and what
 * lies between is noted as unproven, to be compared by whoever archives next. See ADR 0032.
 */
import { isSame, toBytes } from "../../bytes.js";
import type { Meta } from "../../ports.js";
import { openFile } from "../../read/read.js";
import { countIn } from "../../session/line-count.js";
import { countAt, KEY } from "../../session/metadata.js";
import { isPruned } from "../../session/state.js";
import { isTime } from "../../time.js";
import { exactly } from "./feed.js";
import { type Job, type Seen, seenBy } from "./job.js";
import { notedSource } from "./record.js";
import { scanOutput } from "./scan.js";

const WINDOW_BYTES = 64 * 1024;
/** Of a session that holds less, all is compared: that costs no more. */
const LEAST_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Where to go on from, if the windows match; `undefined`: all is to be compared. */
export async function shortPath(job: Job, meta: Meta, held: number): Promise<Seen | undefined> {
  const { ctx, id, op, feed } = job;
  const { source } = feed;
  // What may be another source is compared in whole: nobody would prove the rest by it.
  if (job.rewritten === "leave") return undefined;
  if (!source || !ctx.openSource || !isGrown(job, meta, held)) return undefined;
  const count = countIn(meta);
  if (count?.bytes !== held || !isTime(Number(meta[KEY.lastActivity]))) return undefined;
  const file = await openFile(ctx, id, op);
  if (file.size !== held) return undefined;
  let last: Uint8Array = new Uint8Array();
  for (const start of [0, held - WINDOW_BYTES]) {
    const range = { start, end: start + WINDOW_BYTES };
    last = await toBytes(exactly(id, source, range.start, range.end));
    if (!isSame(last, await toBytes(file.read(range)))) return undefined;
  }
  const line = last.subarray(last.lastIndexOf(NEWLINE) + 1);
  return seenBy(job, meta, scanOutput(Math.max(ctx.now(), feed.lastModifiedMs ?? 0), { ...count, line }));
}

/** Whether the session holds all of the source as it was imported last, nothing else, and nothing that is unproven already. */
function isGrown({ feed }: Job, meta: Meta, held: number): boolean {
  const { identity, version, size } = notedSource(meta);
  const isWhole = identity === feed.identity && version !== undefined && size === held;
  const isProven = countAt(meta, KEY.unproven) === undefined && !isPruned(meta);
  return isWhole && isProven && feed.version !== undefined && held >= LEAST_BYTES && (feed.size ?? 0) > held;
}
