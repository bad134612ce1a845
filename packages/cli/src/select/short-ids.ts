/** Short names for sessions: beginnings of the last part of their ids, which every command accepts. */
import type { SessionInfo } from "@session-archiver/core";
import { callerById } from "./units.js";

const SHORT = 8;
/** Before the digits of a subagent's id. */
const LEAD = /^agent-/;
/** Means something else on the command line. */
const LIKE_OTHERS = /^-|^@\d+$/;

/** What is abbreviated: what follows the agent's name and, of a path, its last part. */
export function nameIn(id: string): string {
  const name = id.slice(id.indexOf(":") + 1);
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last === "" ? name : last;
}

/** All names by which a session can be asked for, without the agent's. */
export function namesOf({ id, aliases }: Pick<SessionInfo, "aliases" | "id">): ReadonlySet<string> {
  return new Set([...aliases, id.slice(id.indexOf(":") + 1), nameIn(id)]);
}

/** The names of the sessions that were seen last, to find out how much of one is needed. */
export interface ShortIds {
  add(session: Pick<SessionInfo, "aliases" | "id">): void;
  /** As much of the id's name as no other session's begins with; the whole id, if there is no such beginning. */
  shortOf(id: string): string;
}

interface Name {
  readonly id: string;
  readonly name: string;
}

/** `most`: how many names are held. */
export function shortIds(most: number): ShortIds {
  /** By their shortest beginning, which nearly always is enough. */
  const alike = new Map<string, Name[]>();
  const agents = new Set<string>();
  let order: string[] = [];
  let dropped = 0;
  const dropOldest = (): void => {
    const key = order[dropped++] ?? "";
    const [, ...left] = alike.get(key) ?? [];
    if (left.length > 0) alike.set(key, left);
    else alike.delete(key);
    if (dropped < most) return;
    order = order.slice(dropped);
    dropped = 0;
  };
  return {
    add(session) {
      const { id } = session;
      agents.add(id.slice(0, id.indexOf(":") + 1));
      for (const name of namesOf(session)) {
        const key = beginningOf(name);
        const others = alike.get(key);
        if (others) others.push({ id, name });
        else alike.set(key, [{ id, name }]);
        order.push(key);
        if (order.length - dropped > most) dropOldest();
      }
    },
    shortOf(id) {
      const name = nameIn(id);
      let needed = beginningOf(name).length;
      for (const other of alike.get(beginningOf(name)) ?? []) {
        // A beginning that only a session and its subagents have means the session.
        if (other.id !== id && callerById(other.id) !== id)
          needed = Math.max(needed, commonLength(name, other.name) + 1);
      }
      const short = cutAt(name, needed);
      const isOfIds = [...agents].some((agent) => agent.startsWith(short) || (agent !== "" && short.startsWith(agent)));
      return short.length < name.length && !isOfIds && !LIKE_OTHERS.test(short) ? short : id;
    },
  };
}

function beginningOf(name: string): string {
  return cutAt(name, SHORT + (LEAD.exec(name)?.[0].length ?? 0));
}

/** Not within a character, and not at a dash, which says nothing. */
function cutAt(name: string, length: number): string {
  const end = name[length - 1] === "-" || /[\ud800-\udbff]/.test(name[length - 1] ?? "") ? length + 1 : length;
  return name.slice(0, end);
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
