/** What an agent program's folder holds, in terms that hold for all of them. A new agent is an `AgentSource`. */
import type { OpOptions } from "@session-archiver/core";
import type { FileLook, Files } from "./files.js";

export type Env = Readonly<Record<string, string | undefined>>;

/** One agent program's folder on this machine. */
export interface Place {
  readonly source: AgentSource;
  /** Absolute, as it was named. */
  readonly home: string;
  readonly roots: readonly Root[];
}

/** A folder below the home that holds sessions. It may be a link as a whole; nothing below it is followed. */
export interface Root {
  /** Relative to the home, such as `projects`; `""` for the home itself. */
  readonly name: string;
  /** Absolute and without links. */
  readonly path: string;
}

/** One file of a unit. */
export interface Member {
  /** `output` for the transcript; for others, a name that is unique within the unit and stays: `subagents/agent-1.jsonl`. */
  readonly name: string;
  /** The root's name. */
  readonly root: string;
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly look: FileLook;
}

/** Files that make up one session, and that are archived, freed and restored as one. */
export interface Unit {
  /** Session id: `<agent>:<native id>`. */
  readonly id: string;
  /** The agent's own id of the session. */
  readonly nativeId: string;
  /** To group by: the working directory where it is known, else the folder's name. */
  readonly project: string;
  /** The transcript is the first. */
  readonly members: readonly Member[];
  /** Folders that belong to this unit alone, relative to the root: they go when they are empty. Deepest first. */
  readonly folders: readonly { readonly root: string; readonly path: string; readonly mode: number }[];
  /** Unix ms: when any member was last changed. */
  readonly lastModifiedMs: number;
  /** Why its files are never freed, if so: `compressed by Codex already`. */
  readonly stays?: string | undefined;
  /** Ids of units whose files its agent needs to resume it. */
  readonly needs: readonly string[];
}

/** A file that belongs to no unit, or is never touched, and why. */
export interface LeftOut {
  readonly root: string;
  /** Relative to the root; `""` for the root itself, if it can't be listed. */
  readonly path: string;
  readonly reason:
    | "link"
    | "several names"
    | "denied"
    | "empty"
    | "not a session"
    | "unreadable"
    | "held aside"
    | "no beginning";
}

export interface Scan {
  readonly units: readonly Unit[];
  readonly leftOut: readonly LeftOut[];
}

/** What was noted of a transcript earlier, so that an unchanged one is not opened. */
export interface KnownTranscript {
  readonly id: string;
  readonly nativeId: string;
  readonly project: string;
  readonly needs: readonly string[];
}

export interface ScanOptions extends OpOptions {
  /** What is known of a file with exactly this look at this path of this root. */
  known(root: string, path: string, look: FileLook): KnownTranscript | undefined;
}

export interface LiveOptions extends OpOptions {
  /** Unix ms. */
  readonly now: number;
  /** Without proof that a process is gone, its session counts as live for this long after its last sign of life, in ms. */
  readonly idleMs: number;
}

/** Says of a unit why it is live: `Claude Code is running it (process 123)`; `undefined` if nothing shows that it is. */
export type LiveCheck = (unit: Unit) => string | undefined;

/** What restoring a file needs to know beside its bytes. */
export interface RestoredFile {
  readonly root: string;
  readonly path: string;
  /** As archived; unix ms. */
  readonly mtimeMs: number;
}

export interface Arranged {
  /** For each file, in the same order: the mtime to give it, unix ms. */
  readonly mtimesMs: readonly number[];
  /** What people should know: `--continue will pick it up`. */
  readonly warnings: readonly string[];
}

export interface AgentSource {
  /** For notes and the command line: `claude-code`. */
  readonly name: string;
  /** For people: `Claude Code`. */
  readonly label: string;
  /** The folder that the agent uses with this environment, absolute. `undefined`: it has no usual place. */
  home(env: Env): string | undefined;
  /** Names of the folders below the home that may hold sessions. */
  readonly roots: readonly string[];
  scan(place: Place, files: Files, options: ScanOptions): Promise<Scan>;
  /** The sessions that are live now. Asked for again before each unit is touched, so it should cost little. */
  live(place: Place, files: Files, options: LiveOptions): Promise<LiveCheck>;
  /**
   * Which of the units in `freeing` must stay because units that stay need their files, and why. Called with all
   * units of the place: those in `freeing`, and the others.
   */
  neededBy(
    place: Place,
    files: Files,
    freeing: readonly Unit[],
    staying: readonly Unit[],
    op: OpOptions,
  ): Promise<ReadonlyMap<string, string>>;
  /** Unix ms: when the agent's own clean-up would delete it; `undefined`: never. */
  cleanUpAt(unit: Unit): number | undefined;
  /** What `cleanUpAt` takes for granted, for people: `that it deletes after 30 days, …`. Absent: nothing. */
  readonly cleanUpAssumes?: string;
  /** `CONFLICT` if a restore to these places would leave the agent with two files of one session. */
  arrange(
    place: Place,
    files: Files,
    nativeId: string,
    restored: readonly RestoredFile[],
    now: number,
  ): Promise<Arranged>;
  /**
   * Which of the warnings that `arrange` gave for a session still hold, now that it and others are in their places. Absent:
   * all of them.
   */
  stillTrue?(
    place: Place,
    files: Files,
    nativeId: string,
    restored: readonly Pick<RestoredFile, "root" | "path">[],
    warnings: readonly string[],
  ): Promise<readonly string[]>;
  /**
   * Whether a session's file can lie there, `path` being relative to the root. A restore writes to no other place, whatever
   * is noted. Absent: anywhere below a root.
   */
  owns?(root: string, path: string): boolean;
  /**
   * Whether a file that begins so lacks its beginning, because a writer went on at a place from which the file had been
   * taken. Absent: its first line alone is compared with that of the file that was taken.
   */
  isFragment?(head: Uint8Array): boolean;
  /** The command that resumes the session, without a shell. `undefined`: the agent has none. */
  resume(nativeId: string): { readonly command: string; readonly args: readonly string[] } | undefined;
}
