/** Takes a whole run back: puts all sessions back that it has freed. */
import { ArchiverError, failureOf, hasCode, type SessionFailure } from "@session-archiver/core";
import { readCatalogue } from "./catalogue.js";
import { eachOf } from "./each-of.js";
import type { FolderHost } from "./host.js";
import type { Run } from "./originals.js";
import { type RestoreUnitOptions, restoreUnit } from "./restore/restore.js";
import type { RestoredUnit } from "./restore/restored.js";
import { runsOf } from "./runs.js";

const UNITS_AT_ONCE = 4;

export interface UndoOptions extends RestoreUnitOptions {
  /** Called after each session that was put back. */
  readonly onRestored?: ((restored: RestoredUnit) => void) | undefined;
}

export interface UndoReport {
  readonly run: Run;
  readonly restored: readonly RestoredUnit[];
  /** Sessions that could not be put back; they are as they were. */
  readonly failures: readonly SessionFailure[];
}

/**
 * `runId`: by default the last run of which something is not back yet. `NOT_FOUND` if there is no such run. A session
 * that can't be put back does not stop the others.
 */
export async function undoRun(host: FolderHost, runId?: string, options: UndoOptions = {}): Promise<UndoReport> {
  const op = { signal: options.signal };
  const runs = await runsOf(host, op);
  const run = runs.find(({ id, sessions, back }) => (runId === undefined ? back < sessions.length : id === runId));
  if (!run) {
    const message = runId === undefined ? "There is no run to undo: nothing is freed." : `There is no run "${runId}".`;
    throw new ArchiverError("NOT_FOUND", message);
  }
  const catalogue = await readCatalogue(host.archiver, op);
  const restored: RestoredUnit[] = [];
  const failures: SessionFailure[] = [];
  const away = run.sessions.filter((id) => catalogue.get(id)?.originals?.state !== "kept");
  const putBack = async (id: string): Promise<void> => {
    try {
      const one = await restoreUnit(host, id, options);
      restored.push(one);
      options.onRestored?.(one);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      failures.push(failureOf(id, error));
    }
  };
  // A session that others need is put back with the first of them: one at a time, so that two don't do it at once.
  const isNeeded = new Set(catalogue.sessions.flatMap(({ originals }) => originals?.needs ?? []));
  const isTied = (id: string): boolean => {
    const { needs = [], unit = id } = catalogue.get(id)?.originals ?? {};
    return needs.length > 0 || isNeeded.has(unit);
  };
  await eachOf(
    UNITS_AT_ONCE,
    away.filter((id) => !isTied(id)),
    putBack,
    op,
  );
  await eachOf(1, away.filter(isTied), putBack, op);
  const { id, at, why } = run;
  return { run: { id, at, why }, restored, failures };
}
