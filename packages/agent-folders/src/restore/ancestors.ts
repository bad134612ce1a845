/** Sessions whose files an agent needs to resume another one: a fork can't be resumed without its parent. */
import type { OpOptions } from "@session-archiver/core";
import { readCatalogue } from "../catalogue.js";
import type { FolderHost } from "../host.js";
import type { Originals } from "../originals.js";
import type { RestoredUnit } from "./restored.js";

/**
 * `restore` puts one of them back. `above`: the sessions that need it, so that two that need each other come to an end.
 */
export async function restoreAncestors(
  host: FolderHost,
  { needs }: Originals,
  restore: (id: string) => Promise<RestoredUnit>,
  above: readonly string[],
  op: OpOptions,
): Promise<{ readonly ids: readonly string[]; readonly warnings: readonly string[] }> {
  const ids: string[] = [];
  const warnings: string[] = [];
  if (needs.length === 0) return { ids, warnings };
  const catalogue = await readCatalogue(host.archiver, op);
  for (const unit of needs) {
    const session = catalogue.get(unit) ?? catalogue.called(unit);
    if (!session?.originals) {
      warnings.push(`its agent needs the session ${unit} to resume it, and no archive of that one is known here`);
      continue;
    }
    if (above.includes(session.id)) continue;
    const restored = await restore(session.id);
    if (restored.restoredFiles > 0) ids.push(session.id);
    ids.push(...restored.ancestors);
    warnings.push(...restored.warnings);
  }
  return { ids, warnings };
}
