/** Codex homes of a few threads, as files on this machine's disk. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { codexSource } from "../../src/codex/source.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Files, LeftOut, Place, Unit } from "../../src/index.js";

/** An id of Codex's form, by its number. */
export const threadId = (number: number): string => `019d0000-0000-7000-8000-${String(number).padStart(12, "0")}`;

export interface Head {
  readonly cwd?: string;
  readonly forked_from_id?: string;
  readonly history_base?: { readonly thread_id: string; readonly end_byte_offset?: number };
  readonly [key: string]: unknown;
}

export const record = (type: string, payload: object, ordinal?: number): string =>
  `${JSON.stringify({ timestamp: "2026-11-01T10:00:00.000Z", ...(ordinal === undefined ? {} : { ordinal }), type, payload })}\n`;

/** A first line as long as Codex's own: it holds the model's instructions. */
export const headLine = (id: string, head: Head = {}, ordinal?: number): string =>
  record(
    "session_meta",
    { session_id: id, id, cwd: "/work/a", ...head, base_instructions: { text: "Be of help. ".repeat(1800) } },
    ordinal,
  );

export interface CodexFolder {
  readonly home: string;
  readonly place: Place;
  /** Writes a file; `path` begins with the root's name. Returns its absolute path. */
  write(path: string, content: string | Uint8Array): Promise<string>;
  /** Writes a thread's file at its usual place, and returns its path below the home. */
  thread(id: string, head?: Head, segment?: string): Promise<string>;
}

/** A home that goes when the test is finished. */
export async function codexFolder(source = codexSource): Promise<CodexFolder> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "codex-home-")));
  onTestFinished(() => rm(home, { recursive: true }));
  for (const root of source.roots) await mkdir(join(home, root));
  const roots = source.roots.map((name) => ({ name, path: join(home, name) }));
  const write = async (path: string, content: string | Uint8Array): Promise<string> => {
    const location = join(home, path);
    await mkdir(dirname(location), { recursive: true });
    await writeFile(location, content, { flag: "wx" });
    return location;
  };
  return {
    home,
    place: { source, home, roots },
    write,
    async thread(id, head, segment) {
      const path = `sessions/2026/11/01/rollout-2026-11-01T10-00-00-${id}${segment ? `_${segment}` : ""}.jsonl`;
      await write(path, headLine(id, head) + record("event_msg", { type: "task_started" }));
      return path;
    },
  };
}

export interface Scanned {
  readonly units: ReadonlyMap<string, Unit>;
  readonly leftOut: readonly LeftOut[];
}

/** Units by native id. */
export async function scanned({ place }: CodexFolder, files: Files = nodeFiles()): Promise<Scanned> {
  const { units, leftOut } = await place.source.scan(place, files, { known: () => undefined });
  return { units: new Map(units.map((unit) => [unit.nativeId, unit])), leftOut };
}

/** The paths of a unit's members below the home, by their names. */
export const membersOf = (unit: Unit | undefined): ReadonlyMap<string, string> =>
  new Map(unit?.members.map(({ name, root, path }) => [name, `${root}/${path}`]));
