/** Puts a session's files back where its agent reads them: all of the unit, in their exact places, and never over others. */
import { readCatalogue } from "../catalogue.js";
import type { FolderHost } from "../host.js";
import { type Needed, newestFirst, withNeeded } from "./needed.js";
import { arranged, type Prepared, prepareUnit, type RestoreUnitOptions } from "./prepare.js";
import { putPrepared, settledWarnings } from "./put-prepared.js";
import type { RestoredUnit } from "./restored.js";

/**
 * `NOT_FOUND` for an unknown session, and if its agent's folder is gone; `INVALID_ARGUMENT` for one without files of an
 * agent, or if a place is impossible or not trusted; `PRUNED`; `CORRUPT` if its archive is damaged; `CONFLICT` if
 * something else lies in one of the places, and if a sweep archives it at the same time. None of them leaves a part of the unit behind. What its agent needs to resume
 * it is put back with it, or nothing is if that is refused.
 */
export async function restoreUnit(
  host: FolderHost,
  id: string,
  options: RestoreUnitOptions = {},
): Promise<RestoredUnit> {
  const op = { signal: options.signal };
  const own = await prepareUnit(host, id, options);
  const isAlone = own.originals.needs.length === 0;
  const needed: Needed = isAlone
    ? { ids: [id], warnings: new Map() }
    : withNeeded(await readCatalogue(host.archiver, op), [id]);
  const units: Prepared[] = [];
  for (const one of needed.ids) units.push(one === id ? own : await prepareUnit(host, one, options));
  if (!isAlone) for (const unit of units) await arranged(host, unit);
  const restored = new Map<string, RestoredUnit>();
  for (const unit of newestFirst(units, ({ originals }) => originals)) {
    restored.set(unit.id, await putPrepared(host, unit, op));
  }
  const warnings: string[] = [];
  for (const unit of units) {
    const said = restored.get(unit.id)?.warnings ?? [];
    warnings.push(...(needed.warnings.get(unit.id) ?? []), ...(await settledWarnings(host, unit, said)));
  }
  const ancestors = needed.ids.filter((one) => one !== id && (restored.get(one)?.restoredFiles ?? 0) > 0);
  return { ...(restored.get(id) ?? (await putPrepared(host, own, op))), warnings: [...new Set(warnings)], ancestors };
}
