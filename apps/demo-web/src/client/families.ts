/** Which sessions are those of subagents, and of which session's agent. Pure. */
import type { SessionRow } from "../worker/api.ts";

/** The id of the session that called it, by the id of each subagent's session. Nobody is its own caller, however far up. */
export type Callers = ReadonlyMap<string, string>;

type Member = Pick<SessionRow, "id" | "agentSession" | "caller">;

export function callersOf(rows: readonly Member[]): Callers {
  const copies = Map.groupBy(rows, ({ agentSession }) => agentSession);
  const callers = new Map<string, string>();
  for (const { id, caller } of rows) {
    const candidates = caller === null ? [] : (copies.get(caller) ?? []).filter((copy) => copy.id !== id);
    const nearest = candidates.reduce<Member | undefined>(
      (best, copy) => (best && alike(best.id, id) >= alike(copy.id, id) ? best : copy),
      undefined,
    );
    if (nearest && !ancestorsOf(nearest.id, callers).includes(id)) callers.set(id, nearest.id);
  }
  return callers;
}

/** How many characters two ids have in common at their start: of several copies of a session, the nearest called. */
function alike(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

/** The callers above it, the nearest first. */
function ancestorsOf(id: string, callers: Callers): readonly string[] {
  const found: string[] = [];
  for (let at = callers.get(id); at !== undefined; at = callers.get(at)) found.push(at);
  return found;
}

/** Its subagents' sessions, and those of their subagents. */
export function subagentsOf<Row extends Member>(id: string, rows: readonly Row[], callers: Callers): readonly Row[] {
  return rows.filter((row) => ancestorsOf(row.id, callers).includes(id));
}

export interface Placed<Row> {
  readonly row: Row;
  /** How many of the rows above it are its callers. */
  readonly depth: number;
}

/** The rows in the same order, but each subagent's below its caller's, or the next caller's up that is among them. */
export function inFamilies<Row extends Member>(rows: readonly Row[], callers: Callers): readonly Placed<Row>[] {
  const present = new Set(rows.map(({ id }) => id));
  const below = Map.groupBy(rows, ({ id }) => ancestorsOf(id, callers).find((caller) => present.has(caller)));
  const placed: Placed<Row>[] = [];
  const place = (row: Row, depth: number): void => {
    placed.push({ row, depth });
    for (const child of below.get(row.id) ?? []) place(child, depth + 1);
  };
  for (const row of below.get(undefined) ?? []) place(row, 0);
  return placed;
}
