/** How the list is searched, filtered and sorted. */
import { computed, signal } from "@preact/signals";
import type { SessionRow } from "../worker/api.ts";
import { inFamilies, type Placed } from "./families.ts";
import { kept, oneOf } from "./local.ts";
import { originWords } from "./row-words.ts";
import { allRows, callers } from "./sessions.ts";

export type Filter = "all" | SessionRow["state"];
export type Sort = "recent" | "size" | "title";

export const search = signal("");
export const filter = signal<Filter>("all");
export const sort = kept<Sort>("sort", "recent", oneOf("recent", "size", "title"));

const byTitle = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const ORDER: Readonly<Record<Sort, (a: SessionRow, b: SessionRow) => number>> = {
  recent: (a, b) => (b.lastActivityMs ?? 0) - (a.lastActivityMs ?? 0),
  size: (a, b) => b.rawBytes - a.rawBytes,
  title: (a, b) => byTitle.compare(a.title, b.title),
};

/** The rows to show, in order. Rows that compare equal are ordered by id, so that they don't swap places. */
export const placedRows = computed<readonly Placed<SessionRow>[]>(() => {
  const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const order = ORDER[sort.value];
  const shown = allRows.value
    .filter((row) => filter.value === "all" || row.state === filter.value)
    .filter((row) => {
      const text = [row.title, ...originWords(row)].join("\n").toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => order(a, b) || (a.id < b.id ? -1 : 1));
  return inFamilies(shown, callers.value);
});

export const visibleRows = computed<readonly SessionRow[]>(() => placedRows.value.map(({ row }) => row));

export function clearView(): void {
  search.value = "";
  filter.value = "all";
}
