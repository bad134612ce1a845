/** Gives each unit of a scan an id of its own. */
import { basename } from "node:path/posix";
import { besideId } from "./ids.js";
import type { Root, ScanOptions, Unit } from "./source.js";

/** Of units with one id, the one that is known under it keeps it, else the first; the others get ids beside it. */
export function withOwnIds(root: Root, units: readonly Unit[], options: ScanOptions): readonly Unit[] {
  const owners = new Map<string, Unit>();
  const known = new Set<string>();
  for (const unit of units) {
    const [transcript] = unit.members;
    const isKnown = transcript && options.known(root.name, transcript.path, transcript.look)?.id === unit.id;
    if (!owners.has(unit.id) || (isKnown && !known.has(unit.id))) owners.set(unit.id, unit);
    if (isKnown) known.add(unit.id);
  }
  return units.map((unit) => {
    if (owners.get(unit.id) === unit) return unit;
    const path = unit.members[0]?.path ?? "";
    return { ...unit, id: besideId(unit.id, basename(path).replace(/\.jsonl$/i, ""), `${root.path}/${path}`) };
  });
}
