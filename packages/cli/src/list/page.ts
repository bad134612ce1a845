/** The part of a list that was asked for, and what is to be said about the rest. */
import { comparePlaces, type Place } from "../select/sort.js";
import type { Hidden, Unit, Units } from "./units.js";

export interface Page {
  readonly hidden: Hidden;
  /** Units so far, on all pages. */
  total: number;
  /** Shown sessions without facts. */
  undescribed: number;
  /** The last unit on the page, if there are more. */
  last: Place | undefined;
}

export interface PageOptions {
  readonly after: Place | undefined;
  readonly limit: number;
  /** Whether to count what comes after the page, too. */
  readonly toEnd: boolean;
}

export function newPage(): Page {
  return { hidden: { empty: 0, children: 0 }, total: 0, undescribed: 0, last: undefined };
}

/** Gives the units of the page. What it notes in `page` is whole when it ends. */
export async function* pageOf(units: Units, page: Page, options: PageOptions): AsyncGenerator<readonly Unit[]> {
  const { after, limit, toEnd } = options;
  let count = 0;
  let last: Place | undefined;
  for await (const some of units) {
    const shown: Unit[] = [];
    for (const unit of some) {
      page.total++;
      const place = { key: unit.row.key, id: unit.session.id };
      if (after && comparePlaces(place, after) <= 0) continue;
      if (count === limit) {
        page.last = last;
        continue;
      }
      count++;
      last = place;
      if (!unit.row.isDescribed) page.undescribed++;
      shown.push(unit);
    }
    if (shown.length > 0) yield shown;
    if (page.last && !toEnd) return;
  }
}
