/** Puts several sessions back, so that each gets its own time wherever it may. */
import { failureOf, hasCode, type SessionFailure, throwIfAborted } from "@session-archiver/core";
import { type Catalogue, readCatalogue } from "../catalogue.js";
import { eachOf } from "../each-of.js";
import type { FolderHost } from "../host.js";
import { keyOf } from "../paths.js";
import { type Needed, newestFirst, transcriptIn, withNeeded } from "./needed.js";
import { type Prepared, prepareUnit, type RestoreUnitOptions } from "./prepare.js";
import { putPrepared, settledWarnings } from "./put-prepared.js";
import type { RestoredUnit } from "./restored.js";

const PROJECTS_AT_ONCE = 4;

export interface RestoreUnitsOptions extends RestoreUnitOptions {
  /**
   * Called once for each of the sessions that was put back: at once, or, if there may be warnings, when all are back and
   * it is clear which of them hold.
   */
  readonly onRestored?: ((restored: RestoredUnit) => void) | undefined;
}

export interface RestoredUnits {
  readonly restored: readonly RestoredUnit[];
  /** Sessions that could not be put back; they are as they were. Also of those that others need. */
  readonly failures: readonly SessionFailure[];
}

/**
 * By project, the newest first, and with what their agents need to resume them. One that can't be put back does not stop the
 * others: those that need it say so. Rejects with `ABORTED`, and with errors of the store's list.
 */
export async function restoreUnits(
  host: FolderHost,
  ids: readonly string[],
  options: RestoreUnitsOptions = {},
): Promise<RestoredUnits> {
  const op = { signal: options.signal };
  const catalogue = await readCatalogue(host.archiver, op);
  const needed = withNeeded(catalogue, ids);
  const asked = new Set(ids);
  const back = new Map<string, Back>();
  const restored: RestoredUnit[] = [];
  const failures: SessionFailure[] = [];
  const tell = (one: RestoredUnit): void => {
    restored.push(one);
    options.onRestored?.(one);
  };
  const mayWarn = ({ prepared, unit }: Back): boolean =>
    unit.warnings.length > 0 || prepared.originals.needs.length > 0;
  const putBack = async (id: string): Promise<void> => {
    throwIfAborted(options.signal);
    try {
      const prepared = await prepareUnit(host, id, options);
      const one = { prepared, unit: await putPrepared(host, prepared, op) };
      back.set(id, one);
      if (asked.has(id) && !mayWarn(one)) tell(one.unit);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      failures.push(failureOf(id, error));
    }
  };
  const inTurn = async (project: readonly string[]): Promise<void> => {
    for (const id of project) await putBack(id);
  };
  try {
    await eachOf(PROJECTS_AT_ONCE, byProject(catalogue, needed.ids), inTurn, op);
  } finally {
    const warned = new Set<string>();
    for (const [id, one] of back) {
      if (asked.has(id) && mayWarn(one)) tell(await settled(host, catalogue, { needed, asked, back, warned }, one));
    }
  }
  return { restored, failures };
}

interface Back {
  readonly prepared: Prepared;
  readonly unit: RestoredUnit;
}

/** Transcripts of one folder are one project. */
function byProject(catalogue: Catalogue, ids: readonly string[]): readonly (readonly string[])[] {
  const projects = new Map<string, string[]>();
  for (const id of newestFirst(ids, (one) => catalogue.get(one)?.originals)) {
    const { originals } = catalogue.get(id) ?? {};
    const { root = "", path = "" } = (originals && transcriptIn(originals)) ?? {};
    const folder = path.split("/").slice(0, -1).join("/");
    const key = keyOf(originals?.source ?? "", originals?.home ?? "", root, folder);
    projects.set(key, [...(projects.get(key) ?? []), id]);
  }
  return [...projects.values()];
}

interface Whole {
  readonly needed: Needed;
  readonly asked: ReadonlySet<string>;
  readonly back: ReadonlyMap<string, Back>;
  /** Those that nobody asked for, and of which the warnings were given. */
  readonly warned: Set<string>;
}

/** With the warnings that hold in the end, also of sessions that were only put back because this one needs them. */
async function settled(
  host: FolderHost,
  catalogue: Catalogue,
  { needed, asked, back, warned }: Whole,
  { unit }: Back,
): Promise<RestoredUnit> {
  const warnings: string[] = [];
  const ancestors: string[] = [];
  for (const id of withNeeded(catalogue, [unit.id]).ids) {
    const one = back.get(id);
    const isOwn = id === unit.id;
    if (!one) warnings.push(`its agent needs the session ${id} to resume it, which could not be put back`);
    else if (!isOwn && one.unit.restoredFiles > 0) ancestors.push(id);
    if (!one || (!isOwn && (asked.has(id) || warned.has(id)))) continue;
    if (!isOwn) warned.add(id);
    warnings.push(...(needed.warnings.get(id) ?? []));
    // If the folder can't be looked at now, what was said stays said.
    const said = one.unit.warnings;
    warnings.push(...(await settledWarnings(host, one.prepared, said).catch(() => said)));
  }
  return { ...unit, warnings: [...new Set(warnings)], ancestors };
}
