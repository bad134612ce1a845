/** Short names for sessions: beginnings of the last part of their ids, which every command accepts. */
import type { ListedSession } from "@session-archiver/core";
import { callerById } from "./units.js";

const SHORT = 8;
/** Before the digits of a subagent's id. */
const LEAD = "agent-";
const SHORT_BEHIND_LEAD = 7;
/** Means something else on the command line. */
const LIKE_OTHERS = /^-|^@\d+$/;

/** What is abbreviated: what follows the agent's name and, of a path, its last part. */
export function nameIn(id: string): string {
  const name = id.slice(id.indexOf(":") + 1);
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last === "" ? name : last;
}

/** All names by which a session can be asked for, without the agent's. */
export function namesOf({ id, aliases }: Pick<ListedSession, "aliases" | "id">): ReadonlySet<string> {
  return new Set([...aliases, id.slice(id.indexOf(":") + 1), nameIn(id)]);
}

/** The names of the sessions that were seen last, to find out how much of one is needed. */
export interface ShortIds {
  add(session: Pick<ListedSession, "aliases" | "id">): void;
  /** As much of the id's name as no other session's begins with; the whole id, if there is no such beginning. */
  shortOf(id: string): string;
}

type Session = Pick<ListedSession, "aliases" | "id">;

/** `most`: how many names are held. */
export function shortIds(most: number): ShortIds {
  /** By the shortest beginnings of names, which nearly always are enough. */
  const alike = new Map<string, Session | Session[]>();
  const agents = new Set<string>();
  let order: string[] = [];
  let dropped = 0;
  const dropOldest = (): void => {
    const key = order[dropped++] ?? "";
    const sessions = alike.get(key);
    if (Array.isArray(sessions) && sessions.length > 1) sessions.shift();
    else alike.delete(key);
    if (dropped < most) return;
    order = order.slice(dropped);
    dropped = 0;
  };
  const addName = (session: Session, name: string): void => {
    const key = beginningOf(name);
    const others = alike.get(key);
    if (others === undefined) alike.set(key, session);
    else if (Array.isArray(others)) others.push(session);
    else alike.set(key, [others, session]);
    order.push(key);
    if (order.length - dropped > most) dropOldest();
  };
  /** Whether a whole id might begin so. */
  const isOfIds = (short: string): boolean => {
    for (const agent of agents) if (agent.startsWith(short) || short.startsWith(agent)) return true;
    return false;
  };
  return {
    add({ id, aliases }) {
      const session = { id, aliases };
      const colon = id.indexOf(":");
      if (colon >= 0) agents.add(id.slice(0, colon + 1));
      if (aliases.length === 0 && !id.includes("/")) return addName(session, id.slice(colon + 1));
      for (const name of namesOf(session)) addName(session, name);
    },
    shortOf(id) {
      const name = nameIn(id);
      const key = beginningOf(name);
      const sessions = alike.get(key);
      let needed = leastOf(name);
      for (const other of Array.isArray(sessions) ? sessions : []) {
        // A beginning that only a session and its subagents have means the session.
        if (other.id === id || callerById(other.id) === id) continue;
        for (const its of namesOf(other))
          if (its.startsWith(key)) needed = Math.max(needed, commonLength(name, its) + 1);
      }
      const short = cutAt(name, needed);
      return needed <= name.length && !isOfIds(short) && !LIKE_OTHERS.test(short) ? short : id;
    },
  };
}

/** Two names may begin alike if this is the same of both. No name is abbreviated to less. */
function beginningOf(name: string): string {
  return name.slice(0, leastOf(name));
}

function leastOf(name: string): number {
  return name.startsWith(LEAD) ? LEAD.length + SHORT_BEHIND_LEAD : SHORT;
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
