/**
 * Takes one file in. Whatever stops it half-way, the session is readable and a prefix of the file, and the next import
 * goes on from there: the object comes first, then the bytes, then the record that they are complete. Where another import
 * of the same session comes first, this one looks again, and finds the work done or goes on.
 */
import { ArchiverError, hasCode, KEY, OUTPUT, stateOf } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { FoundFile } from "./find.js";
import { scanLines } from "./line-scan.js";
import { isTakenIn, recordImport } from "./record.js";
import { openSource } from "./source.js";
import { createSession, extendSession, type Job, type Written } from "./take-in.js";

export type ImportOutcome = Written | "skipped" | "pruned";

const MAX_TRIES = 20;

/** What was written, also by tries that have lost a race later. */
interface Progress {
  written: Written | undefined;
}

/**
 * `CONFLICT` if there is a session of this id that the file does not go on from, or the file changes while it is read;
 * `INVALID_ARGUMENT` for an impossible id; otherwise what the file system and the stores say.
 */
export async function importFile(
  context: CommandContext,
  file: FoundFile,
  onBytes: (done: number) => void,
): Promise<ImportOutcome> {
  const progress: Progress = { written: undefined };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const outcome = await tryImport(context, file, onBytes, progress);
    if (outcome !== "lost") return outcome;
  }
  const message = `Session "${file.id}" keeps changing: import it again when it is quiet.`;
  throw new ArchiverError("CONFLICT", message, { id: file.id });
}

/** `lost`: somebody else writes to the session, or the file goes on growing. */
async function tryImport(
  context: CommandContext,
  file: FoundFile,
  onBytes: (done: number) => void,
  progress: Progress,
): Promise<ImportOutcome | "lost"> {
  const { objects, blobs } = context.stores;
  const op = { signal: context.signal };
  const object = await objects.get(file.id, op);
  if (object?.meta[KEY.removingAt]) {
    // Its removal was cut short: what is left of it goes first.
    await context.archiver.settle(file.id, op);
    return "lost";
  }
  // Opened anew: whoever was faster may have seen more of a file that grows.
  await using source = await openSource(file.absolute);
  // After bytes of ours the record is to be ours, too: a recorder notes the present as the session's last activity.
  if (object && progress.written === undefined && isTakenIn(object.meta, file, source)) return "skipped";
  const state = object && stateOf(object.meta);
  if (state === "pruned") return "pruned";

  const scan = scanLines(Math.max(context.now(), source.mtimeMs));
  const onWritten = (written: Written): void => {
    progress.written ??= written;
  };
  const job: Job = { context, file, source, scan, onBytes, onWritten };
  const hasBytes = object && (state !== "live" || (await blobs.stat({ id: file.id, name: OUTPUT }, op)) !== undefined);
  try {
    const isWhole = hasBytes ? await extendSession(job, object.meta) : await createSession(job, object);
    if (!isWhole) return "lost";
    const options = { now: context.now(), appended: progress.written !== undefined, before: object?.meta };
    const isRecorded = await recordImport(objects, file, source, scan, options);
    return isRecorded ? (progress.written ?? "skipped") : "lost";
  } catch (error) {
    // Another import has made the object, failed, and taken it away again.
    if (hasCode(error, "NOT_FOUND") && (await objects.get(file.id)) === undefined) return "lost";
    throw error;
  }
}
