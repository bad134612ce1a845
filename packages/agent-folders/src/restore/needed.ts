/** Sessions whose files an agent needs to resume others: a fork can't be resumed without its parent. */
import { OUTPUT } from "@session-archiver/core";
import type { Catalogue } from "../catalogue.js";
import type { OriginalMember, Originals } from "../originals.js";

export interface Needed {
  /** The sessions and all that they need, each once, and before those that need it; two may need each other. */
  readonly ids: readonly string[];
  /** By the session that needs them: what can't be put back, as no archive of it is known. */
  readonly warnings: ReadonlyMap<string, readonly string[]>;
}

export function withNeeded(catalogue: Pick<Catalogue, "get" | "called">, ids: readonly string[]): Needed {
  const seen = new Set<string>();
  const inOrder: string[] = [];
  const warnings = new Map<string, readonly string[]>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const unit of catalogue.get(id)?.originals?.needs ?? []) {
      const session = catalogue.get(unit) ?? catalogue.called(unit);
      if (session?.originals) visit(session.id);
      else warnings.set(id, [...(warnings.get(id) ?? []), unknown(unit)]);
    }
    inOrder.push(id);
  };
  for (const id of ids) visit(id);
  return { ids: inOrder, warnings };
}

function unknown(unit: string): string {
  return `its agent needs the session ${unit} to resume it, and no archive of that one is known here`;
}

/** What is noted of the session's transcript. */
export function transcriptIn({ members }: Originals): OriginalMember | undefined {
  return members[OUTPUT] ?? Object.values(members)[0];
}

/**
 * The newest transcript first, by its noted time. Agents go on with the newest of a folder, so a source puts what comes
 * back below what is there: in this order, each can have its own time.
 */
export function newestFirst<Item>(
  items: readonly Item[],
  originalsOf: (item: Item) => Originals | undefined,
): readonly Item[] {
  const timeOf = (item: Item): number => {
    const originals = originalsOf(item);
    return (originals && transcriptIn(originals)?.mtimeMs) ?? 0;
  };
  return items.toSorted((a, b) => timeOf(b) - timeOf(a));
}
