/** The shortest beginnings by which sessions can be named, as people type them. */
import type { SessionInfo } from "@session-archiver/core";

type Named = Pick<SessionInfo, "id" | "aliases">;

interface Name {
  readonly name: string;
  /** Whose it is. */
  readonly id: string;
}

/** Shorter ones would soon mean another session as well. */
const FEWEST_CHARACTERS = 8;

/**
 * Finds a name that means this session alone: the shortest beginning of its id's part after the agent's name, of 8 characters or
 * more; that whole part, where others begin with it, as a subagent's does; or else the id.
 */
export function shortIds(all: readonly Named[]): (session: Named) => string {
  const names = all
    .flatMap(({ id, aliases }) => [...new Set([id, ownPart(id), ...aliases])].map((name) => ({ name, id })))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return ({ id }) => {
    const own = ownPart(id);
    // People know a path, which is no agent's id, by its whole name.
    if (own === id) return id;
    const at = firstFrom(names, own);
    const shared = Math.max(sharedWith(names, own, id, at - 1, -1), sharedWith(names, own, id, at, 1));
    if (shared < own.length) return withoutHalf(own.slice(0, Math.max(FEWEST_CHARACTERS, shared + 1)), own);
    return isTaken(names, own, id, at) ? id : own;
  };
}

function ownPart(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** Where names from this one on begin. */
function firstFrom(names: readonly Name[], name: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle]?.name ?? "") < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many characters it shares with the next name of another session in this direction. */
function sharedWith(names: readonly Name[], own: string, id: string, from: number, step: 1 | -1): number {
  let at = from;
  while (names[at]?.id === id) at += step;
  const other = names[at]?.name ?? "";
  let length = 0;
  while (length < own.length && own[length] === other[length]) length++;
  return length;
}

/** Whether it is also the name of another session, or the beginning of another's id: that would come first. */
function isTaken(names: readonly Name[], own: string, id: string, from: number): boolean {
  for (let at = from; names[at]?.name.startsWith(own); at++) {
    const other = names[at];
    if (other && other.id !== id && (other.name === own || other.name === other.id)) return true;
  }
  return false;
}

/** The whole text instead, if the beginning ends in the first half of a character. */
function withoutHalf(beginning: string, whole: string): string {
  return /[\ud800-\udbff]$/.test(beginning) ? whole : beginning;
}
