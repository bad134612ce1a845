/** Second copies, made by a sync program, of files in a folder of archives. */
import { link, open, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { count } from "../output/text.js";
import { originalName, possibleNames } from "./copy-names.js";
import type { Finding } from "./finding.js";
import { type Looker, named, sessionsOf } from "./looker.js";
import { haveSameBytes, isWhole } from "./same-bytes.js";
import { ownKeyAt, sessionOf } from "./sink-names.js";
import { lstatOf } from "./stats.js";
import type { Entry } from "./walk.js";

interface Copy {
  readonly path: string;
  readonly original: string;
  readonly key: string;
}

/** What the copy is of; `undefined` if it is no copy of a file of ours. */
export async function sinkCopy({ area, path, names, stats }: Entry): Promise<Copy | undefined> {
  const name = names.at(-1) ?? "";
  if (area.kind !== "sink" || !stats.isFile()) return undefined;
  const certain = originalName(name);
  for (const original of certain === undefined ? possibleNames(name) : [certain]) {
    const key = await ownKeyAt(area.folder, [...names.slice(0, -1), original]);
    if (key !== undefined) return { path, original: join(dirname(path), original), key };
  }
  return undefined;
}

export function lookAtSinkCopies(): Looker {
  const candidates: Entry[] = [];
  return {
    see(entry) {
      if (entry.area.kind === "sink" && entry.what === "other") candidates.push(entry);
    },
    async *findings() {
      const same: Copy[] = [];
      const different: Copy[] = [];
      const alone: Copy[] = [];
      for (const entry of candidates) {
        const copy = await sinkCopy(entry);
        if (!copy) continue;
        if (!isThere(copy.original)) alone.push(copy);
        else if (await isSame(copy)) same.push(copy);
        else different.push(copy);
      }
      if (same.length > 0) yield superfluous(same);
      if (different.length > 0) yield differing(different);
      if (alone.length > 0) yield* withoutOriginal(alone);
    },
  };
}

function isThere(path: string): boolean {
  return lstatOf(path) !== undefined;
}

async function isSame({ path, original }: Copy): Promise<boolean> {
  return haveSameBytes(path, original).catch(() => false);
}

const KIND = "conflicted-copies";

function superfluous(copies: readonly Copy[]): Finding {
  return {
    kind: KIND,
    severity: "note",
    message: `A sync program has made second copies of ${count(copies.length, "archive file")}: ${pathsOf(copies)}. Each is equal to its original, byte for byte, so nothing needs it.`,
    sessions: idsOf(copies),
    remedy: "delete the copies, if they are not to be kept",
  };
}

function differing(copies: readonly Copy[]): Finding {
  return {
    kind: KIND,
    severity: "warning",
    message: `A sync program has kept second versions of archive files, which differ from the files in use: ${pathsOf(copies)}. Archives never change, so one of the two is damaged or of another store.`,
    sessions: idsOf(copies),
    remedy:
      "run `session-archiver verify` for these sessions: if they are whole, the copies are not needed; if one is not, put the copy in its file's place. Delete nothing before that",
  };
}

async function* withoutOriginal(copies: readonly Copy[]): AsyncGenerator<Finding> {
  const whole: Copy[] = [];
  const unclear: Copy[] = [];
  for (const copy of copies) {
    const isOnly = copies.every(({ path, original }) => original !== copy.original || path === copy.path);
    (isOnly && (await isWhole(copy.path, copy.key)) ? whole : unclear).push(copy);
  }
  if (whole.length > 0) {
    yield {
      ...lost(whole, "Each is whole."),
      remedy: "session-archiver doctor --repair, which gives them their names back",
      repair: { plan: `give ${count(whole.length, "file")} the original name back`, run: () => renameAll(whole) },
    };
  }
  if (unclear.length > 0) {
    yield {
      ...lost(unclear, "They are damaged, or there are several of one file, so it is not sure which is the right one."),
      remedy: "give the right copy the original's name by hand, then run `session-archiver verify`",
    };
  }
}

function lost(copies: readonly Copy[], more: string): Omit<Finding, "remedy"> {
  return {
    kind: KIND,
    severity: "damage",
    message: `A sync program has renamed archive files, and no file has the original name any more: ${pathsOf(copies)}. ${more}`,
    sessions: idsOf(copies),
  };
}

/** A link fails if the name has been taken meanwhile; a rename would replace that file. */
async function renameAll(copies: readonly Copy[]): Promise<string> {
  let done = 0;
  const failures: string[] = [];
  for (const { path, original } of copies) {
    try {
      await link(path, original);
      await unlink(path);
      await syncFolder(dirname(original));
      done++;
    } catch (error) {
      failures.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const said = `${done} of ${copies.length} have their names back`;
  if (failures.length > 0) throw new Error(`${said}; ${named(failures)}`);
  return said;
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  await folder.sync().finally(() => folder.close());
}

function pathsOf(copies: readonly Copy[]): string {
  return named(copies.map(({ path }) => path));
}

function idsOf(copies: readonly Copy[]): readonly string[] {
  return sessionsOf(copies.map(({ key }) => sessionOf(key)));
}
