/**
 * The archive of a unit, as far as foreign files are concerned: what it holds of each file, and kept versions. It takes in what it
 * is given by content: what it holds already is not doubled, what continues it is added, anything else is a new version.
 */
import { crcOf, isFragment, linesOf } from "./lines.js";

export interface Archived {
  readonly size: number;
  readonly crc32: number;
}

export interface SimulatedArchive {
  /** Takes in the whole of a file as it was read. */
  mirror(path: string, text: string): void;
  /** Keeps another content of a file as a version, beside the present one. */
  keep(path: string, text: string): void;
  /** What it holds of the file now; `undefined`: nothing. */
  current(path: string): string | undefined;
  /** Kept versions, then the present one. */
  versions(path: string): readonly string[];
  /** Whether some version of some file has this line. */
  has(line: string): boolean;
  /** Notes the bytes of the file that a claim takes away: later runs go by them. */
  note(path: string, claimed: Archived): void;
  noted(path: string): Archived | undefined;
}

export function createArchive(): SimulatedArchive {
  const files = new Map<string, string[]>();
  const lines = new Set<string>();
  const notes = new Map<string, Archived>();

  const set = (versions: string[], text: string, keeps: boolean): void => {
    if (!keeps) versions.pop();
    versions.push(text);
    for (const line of linesOf(text)) lines.add(line);
  };
  return {
    mirror(path, text) {
      if (text === "") return;
      const versions = files.get(path) ?? [];
      files.set(path, versions);
      const held = versions.at(-1);
      if (held === undefined) set(versions, text, true);
      else if (text.startsWith(held)) set(versions, text, false);
      else if (held.startsWith(text)) return;
      else {
        const now = isFragment(text) ? joined(held, text) : text;
        set(versions, now, !now.startsWith(held));
      }
    },
    keep(path, text) {
      const versions = files.get(path) ?? [];
      if (versions.some((held) => held.includes(text))) return;
      versions.splice(-1, 0, text);
      for (const line of linesOf(text)) lines.add(line);
    },
    current: (path) => files.get(path)?.at(-1),
    versions: (path) => files.get(path) ?? [],
    has: (line) => lines.has(line),
    note: (path, claimed) => void notes.set(path, claimed),
    noted(path) {
      const held = files.get(path)?.at(-1);
      return notes.get(path) ?? (held === undefined ? undefined : { size: held.length, crc32: crcOf(held) });
    },
  };
}

/** The fragment continues what is held, from the place on at which both have the same lines. */
function joined(held: string, fragment: string): string {
  const at = held.indexOf(`\n${fragment.slice(0, fragment.indexOf("\n") + 1)}`) + 1;
  if (at === 0) return held + fragment;
  return held.slice(at).startsWith(fragment) ? held : held.slice(0, at) + fragment;
}
