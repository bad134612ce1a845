/**
 * Makes a thread readable again whose records lack ordinals: in a copy with an id of its own, because the ordinals that it
 * gets are ours. The original stays, byte for byte.
 */
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { ArchiverError, type OpOptions, toArchiverError } from "@session-archiver/core";
import type { Files } from "../files.js";
import { copyMended } from "./mended-copy.js";
import { planMend } from "./plan-mend.js";
import { unitId } from "./threads.js";

export interface MendOptions extends OpOptions {
  /** A UUID that never repeats. */
  readonly newId?: (() => string) | undefined;
}

export interface Mended {
  /** The copy's thread id, to be resumed by it. */
  readonly nativeId: string;
  /** Relative to the root. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** Records that were given an ordinal. */
  readonly records: number;
}

/**
 * `root`: absolute; `paths`: all files of one thread, relative to it. Each copy lies beside its original.
 *
 * `NOT_FOUND`: a file is gone. `CORRUPT`: it is no rollout, or of no form that can be mended. `INVALID_ARGUMENT`: it is
 * compressed, or the paths are not the files of one thread. `CONFLICT`: it was written to meanwhile, or no record lacks an
 * ordinal. In each case there is no copy.
 */
export async function mendOrdinals(
  files: Files,
  root: string,
  paths: readonly string[],
  options: MendOptions = {},
): Promise<Mended> {
  const plan = await planMend(files, root, paths, options.newId ?? randomUUID);
  const at = (path: string): string => join(root, path);
  const made = plan.steps.map(({ part }) => at(part));
  try {
    let records = 0;
    for (const step of plan.steps) records += await copyMended(files, root, step, plan, options);
    if (records === 0) {
      throw new ArchiverError(
        "CONFLICT",
        `No record of the thread ${plan.nativeId} lacks an ordinal: nothing to mend.`,
      );
    }
    for (const { part, to } of plan.steps) {
      if (!(await files.link(at(part), at(to)))) throw new ArchiverError("CONFLICT", `There is a file ${to} already.`);
      made.push(at(to));
    }
    for (const { part } of plan.steps) await files.unlink(at(part));
    for (const folder of new Set(plan.steps.map(({ to }) => dirname(at(to))))) await files.sync(folder);
    return { nativeId: plan.newId, files: plan.steps.map(({ from, to }) => ({ from, to })), records };
  } catch (error) {
    for (const path of made) await files.unlink(path).catch(() => false);
    throw toArchiverError(error, { id: unitId(plan.nativeId) });
  }
}
