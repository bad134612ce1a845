/** An agent like Claude Code, small enough to see through: `notes/<project>/<id>.jsonl`, and files in `<project>/<id>/`. */

import type { Files } from "../../src/files.js";
import type { AgentSource, Member, Place, Unit } from "../../src/source.js";

export interface ToyAgent extends AgentSource {
  /** Native ids that are live. */
  readonly running: Set<string>;
  /** Native ids that others need: `needs.set("fork", ["parent"])`. */
  readonly needs: Map<string, readonly string[]>;
  /** Absolute paths that a scan has asked to open. */
  readonly opened: string[];
}

export const ROOT = "notes";

/** Lines that follow the first of a file. */
const LATER_LINE = '{"type":"line"';

export function toyAgent(): ToyAgent {
  const running = new Set<string>();
  const needs = new Map<string, readonly string[]>();
  const opened: string[] = [];
  return {
    ...{ name: "toy", label: "Toy", roots: [ROOT], running, needs, opened },
    home: (env) => env["TOY_HOME"],
    async scan(place, files, { known }) {
      const units: Unit[] = [];
      const [root] = place.roots;
      for (const project of root ? await files.list(root.path) : []) {
        if (project.startsWith(".") || !root) continue;
        for (const name of await files.list(`${root.path}/${project}`)) {
          if (!name.endsWith(".jsonl")) continue;
          const path = `${project}/${name}`;
          const look = await files.look(`${root.path}/${path}`);
          if (look?.kind !== "file" || look.links > 1) continue;
          if (!known(ROOT, path, look)) opened.push(path);
          units.push(await unitOf(files, root.path, project, name.slice(0, -6), needs));
        }
      }
      return { units, leftOut: [] };
    },
    live: async () => (unit) => (running.has(unit.nativeId) ? "it is running" : undefined),
    async neededBy(_place, _files, freeing, staying) {
      const wanted = new Set(staying.flatMap((unit) => unit.needs));
      return new Map(freeing.filter(({ id }) => wanted.has(id)).map(({ id }) => [id, "a session that stays needs it"]));
    },
    cleanUpAt: ({ lastModifiedMs }) => lastModifiedMs + 30 * 86_400_000,
    arrange: async (_place, _files, _id, restored) => ({
      mtimesMs: restored.map(({ mtimeMs }) => mtimeMs),
      warnings: [],
    }),
    isFragment: (head) => new TextDecoder().decode(head.subarray(0, LATER_LINE.length)) === LATER_LINE,
    resume: (id) => ({ command: "toy", args: ["resume", id] }),
  };
}

async function unitOf(
  files: Files,
  root: string,
  project: string,
  id: string,
  needs: ReadonlyMap<string, readonly string[]>,
): Promise<Unit> {
  const members: Member[] = [];
  const folders: { root: string; path: string; mode: number }[] = [];
  async function add(name: string, path: string): Promise<void> {
    const look = await files.look(`${root}/${path}`);
    if (look?.kind === "file") members.push({ name, root: ROOT, path, look });
    if (look?.kind !== "folder") return;
    for (const below of await files.list(`${root}/${path}`))
      await add(name === "" ? below : `${name}/${below}`, `${path}/${below}`);
    folders.push({ root: ROOT, path, mode: look.mode });
  }
  await add("output", `${project}/${id}.jsonl`);
  await add("", `${project}/${id}`);
  const lastModifiedMs = Math.max(...members.map(({ look }) => Number(BigInt(look.mtimeNs) / 1_000_000n)));
  const needed = (needs.get(id) ?? []).map((other) => `toy:${other}`);
  return { id: `toy:${id}`, nativeId: id, project, members, folders, lastModifiedMs, needs: needed };
}

/** The toy's home as a place. */
export function toyPlace(source: AgentSource, home: string): Place {
  return { source, home, roots: [{ name: ROOT, path: `${home}/${ROOT}` }] };
}
