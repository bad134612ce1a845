/** Short names for sessions: beginnings of the last part of their ids, which every command accepts. */
import type { ListedSession } from "@session-archiver/core";
import { recent } from "./recent.js";
import { callerById } from "./units.js";

const SHORT = 8;
/** Before the digits of a subagent's id. */
const LEAD = "agent-";
const SHORT_BEHIND_LEAD = 7;
/** If more names than these begin alike, as `session-0001` and so on do, they are not abbreviated. */
const MOST_ALIKE = 50;
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
  add(session: Session): void;
  /** As much of the id's name as no other session's begins with; the whole id, if there is no such beginning. */
  shortOf(id: string): string;
}

type Session = Pick<ListedSession, "aliases" | "id">;

/** A name, and the id of the session that has it. Many thousands are held: of the session no more than this. */
interface Name {
  readonly name: string;
  readonly id: string;
}

/** `most`: how many beginnings of names are held at least. */
export function shortIds(most: number): ShortIds {
  /** By the shortest beginnings of names, which nearly always are enough. */
  const alike = recent<Name | readonly Name[]>(most);
  const agents = new Set<string>();
  const addName = (id: string, name: string): void => {
    const key = beginningOf(name);
    const others = alike.get(key);
    if (others === undefined) alike.set(key, { name, id });
    else if ("id" in others) alike.set(key, [others, { name, id }]);
    else if (others.length <= MOST_ALIKE) alike.set(key, [...others, { name, id }]);
  };
  /** Whether a whole id might begin so. */
  const isOfIds = (short: string): boolean => {
    for (const agent of agents) if (agent.startsWith(short) || short.startsWith(agent)) return true;
    return false;
  };
  return {
    add({ id, aliases }) {
      const colon = id.indexOf(":");
      if (colon >= 0) agents.add(id.slice(0, colon + 1));
      if (aliases.length === 0 && !id.includes("/")) return addName(id, id.slice(colon + 1));
      for (const name of namesOf({ id, aliases })) addName(id, name);
    },
    shortOf(id) {
      const name = nameIn(id);
      const key = beginningOf(name);
      const others = alike.get(key);
      const isAlone = others === undefined || "id" in others;
      if (!isAlone && others.length > MOST_ALIKE) return id;
      let needed = leastOf(name);
      for (const other of isAlone ? [] : others) {
        // A beginning that only a session and its subagents have means the session.
        if (other.id === id || callerById(other.id) === id) continue;
        needed = Math.max(needed, commonLength(name, other.name) + 1);
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
