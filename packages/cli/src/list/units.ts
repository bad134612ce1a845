/** Brings sessions into units: subagents' sessions count with those that called them, or follow them. */

import type { ListedSession as Listed } from "@session-archiver/core";
import type { ListedSession } from "../documents.js";
import { recent } from "../select/recent.js";
import { shortIds } from "../select/short-ids.js";
import type { Row } from "./row.js";

export interface UnitOptions {
  /** Whether subagents' sessions are shown. */
  readonly children: boolean;
  /** Whether empty sessions are shown. */
  readonly empty: boolean;
  /** How many sessions are held to look for subagents, and for ids that begin alike. */
  readonly ahead: number;
  /** Orders the rows before any is given; it needs all of them. */
  readonly compare?: ((a: Row, b: Row) => number) | undefined;
  fits(info: Listed): boolean;
  row(info: Listed): Row;
  /** Whether there is a session with this id. */
  isThere(id: string): Promise<boolean>;
}

/** A session and, if they are shown, those of its subagents. */
export interface Unit {
  readonly row: Row;
  readonly session: ListedSession;
  readonly children: readonly ListedSession[];
}

/** Many at once: each step of its own would cost more than the work. */
export type Units = AsyncIterable<readonly Unit[]>;

export interface Hidden {
  empty: number;
  children: number;
}

/** What is known of a caller's subagents. */
interface Called {
  count: number;
  /** Those that fit, if they are shown. */
  readonly rows: Row[];
}

const MOST_TOGETHER = 100;
/** A name takes little. */
const NAMES = 4_000;
const NONE: readonly Row[] = [];
const NO_CALLS: Called = { count: 0, rows: [] };

/**
 * Gives units in the order of the sessions. Subagents are found among the sessions that are held: of callers in a list of
 * the newest these are near. `hidden` counts the sessions that are passed over.
 */
export async function* unitsOf(
  infos: AsyncIterable<Listed>,
  options: UnitOptions,
  hidden: Hidden,
): AsyncGenerator<readonly Unit[]> {
  const { ahead } = options;
  const together = Math.min(MOST_TOGETHER, ahead);
  const names = shortIds(Math.max(NAMES, 2 * ahead));
  const called = recent<Called>(2 * ahead);
  /** Subagents that were shown with their callers before it was their turn. */
  const shownBelow = new Set<string>();
  /** Those that wait for their callers' turn. */
  const waiting = new Map<string, Row>();
  const seen = recent<true>(2 * ahead);
  let queue: Row[] = [];
  const queued = new Set<string>();

  const call = (caller: string, row: Row, fits: boolean): void => {
    const known = called.get(caller) ?? { count: 0, rows: [] };
    known.count++;
    if (fits && options.children) known.rows.push(row);
    called.set(caller, known);
  };
  const take = (info: Listed): void => {
    names.add(info);
    const row = options.row(info);
    const fits = options.fits(info);
    if (row.caller !== null) call(row.caller, row, fits);
    if (!fits) return;
    queue.push(row);
    queued.add(info.id);
  };
  const listed = ({ session }: Row, its: Called | undefined = called.get(session.id)): ListedSession => {
    session.shortId = names.shortOf(session.id);
    session.children = its?.count ?? 0;
    return session;
  };
  /** Those that its subagents called, too. What calls itself is there once. */
  const calledBy = (id: string, known: Set<string>): readonly Row[] => {
    const its = called.get(id)?.rows ?? NONE;
    if (its.length === 0) return NONE;
    known.add(id);
    const rows = its.filter((row) => !known.has(row.session.id));
    return rows.flatMap((row) => [row, ...calledBy(row.session.id, known)]);
  };
  /** Whether it is shown with another one, or not at all. */
  const isBelow = async (row: Row, caller: string): Promise<boolean> => {
    const { id } = row.session;
    const isNear = queued.has(caller) || seen.has(caller);
    if (!isNear && !(await options.isThere(caller))) return false;
    if (!options.children) hidden.children++;
    if (!options.children || shownBelow.delete(id)) return true;
    if (queued.has(caller) || waiting.has(caller)) {
      waiting.set(id, row);
      return true;
    }
    // Its caller is too far away.
    const others = called.get(caller)?.rows;
    others?.splice(others.indexOf(row) >>> 0, 1);
    return false;
  };
  const unitOf = (row: Row): Unit | undefined => {
    const { id } = row.session;
    const its = called.get(id);
    if (row.isEmpty && !options.empty && !its) {
      hidden.empty++;
      return undefined;
    }
    if (!its) return { row, session: listed(row, NO_CALLS), children: [] };
    const rows = calledBy(id, new Set());
    const unit = { row, session: listed(row, its), children: rows.map((one) => listed(one)) };
    called.delete(id);
    for (const { session } of rows) {
      called.delete(session.id);
      if (waiting.delete(session.id)) continue;
      shownBelow.add(session.id);
    }
    return unit;
  };
  const unitAlone = (row: Row): readonly Unit[] => {
    called.delete(row.session.id);
    const unit = unitOf(row);
    return unit ? [unit] : [];
  };
  async function* give(rows: readonly Row[]): AsyncGenerator<readonly Unit[]> {
    let units: Unit[] = [];
    for (const row of rows) {
      const { id } = row.session;
      queued.delete(id);
      seen.set(id, true);
      if (row.caller !== null && (await isBelow(row, row.caller))) continue;
      const unit = unitOf(row);
      if (unit) units.push(unit);
      if (units.length < MOST_TOGETHER) continue;
      yield units;
      units = [];
    }
    if (units.length > 0) yield units;
  }

  for await (const info of infos) {
    take(info);
    if (options.compare || queue.length < ahead + together) continue;
    yield* give(queue.slice(0, together));
    queue = queue.slice(together);
  }
  if (options.compare) queue.sort(options.compare);
  yield* give(queue);
  // Facts may be wrong: two sessions that claim to have called each other would wait forever.
  const left = [...waiting.values()].flatMap((row) => unitAlone(row));
  if (left.length > 0) yield left;
}
