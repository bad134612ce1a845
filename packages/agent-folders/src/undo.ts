/** Takes a whole run back: puts all sessions back that it has freed. */
import { ArchiverError } from "@session-archiver/core";
import { readCatalogue } from "./catalogue.js";
import type { FolderHost } from "./host.js";
import type { Run } from "./originals.js";
import { type RestoredUnits, type RestoreUnitsOptions, restoreUnits } from "./restore/several.js";
import { runsOf } from "./runs.js";

export interface UndoOptions extends RestoreUnitsOptions {}

export interface UndoReport extends RestoredUnits {
  readonly run: Run;
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
  const away = run.sessions.filter((id) => catalogue.get(id)?.originals?.state !== "kept");
  const { id, at, why } = run;
  return { run: { id, at, why }, ...(await restoreUnits(host, away, options)) };
}
