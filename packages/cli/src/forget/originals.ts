/** What a sweep of an agent's folder knows of a session that is to be forgotten: its files, and what is held aside of them. */
import { join } from "node:path";
import {
  claimRule,
  type HeldPart,
  nodeFiles,
  type Originals,
  originalsIn,
  type Place,
  placeOf,
  sourceNamed,
  tidyHeld,
} from "@session-archiver/agent-folders";
import { hasCode, type Meta } from "@session-archiver/core";
import type { CommandContext } from "../command.js";

export interface AgentsFiles {
  /** Absolute paths: where its agent wrote them. */
  readonly locations: readonly string[];
  /** What is held aside of them: files, and bytes. */
  readonly held: { readonly files: number; readonly bytes: number };
  /** Deletes what is held aside, and the unit's own folders that are empty. */
  drop(): Promise<void>;
}

const NOTHING: AgentsFiles = { locations: [], held: { files: 0, bytes: 0 }, drop: async () => {} };

export async function agentsFiles(
  { env, signal }: Pick<CommandContext, "env" | "signal">,
  meta: Meta,
): Promise<AgentsFiles> {
  const originals = originalsIn(meta);
  if (!originals) return NOTHING;
  const locations = Object.values(originals.members).map(({ root, path }) => join(originals.home, root, path));
  const place = await placeOfSession(originals, env);
  if (!place) return { ...NOTHING, locations };
  const parts = await heldOf(place, originals, signal);
  const held = { files: parts.length, bytes: parts.reduce((sum, { look }) => sum + look.size, 0) };
  return { locations, held, drop: () => drop(place, originals, parts) };
}

/** `undefined`: the folder is gone, and holds nothing. */
async function placeOfSession(
  { source: name, home }: Originals,
  env: CommandContext["env"],
): Promise<Place | undefined> {
  const source = sourceNamed(name);
  try {
    return source && (await placeOf(source, home, nodeFiles(), env));
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

async function heldOf({ roots }: Place, { members }: Originals, signal: AbortSignal): Promise<readonly HeldPart[]> {
  const wanted = new Set(Object.values(members).map(({ root, path }) => `${root}\0${path}`));
  const parts: HeldPart[] = [];
  for (const { name, path: root } of roots) {
    for await (const part of claimRule.heldParts(nodeFiles(), root, { signal })) {
      if (wanted.has(`${name}\0${part.path}`)) parts.push(part);
    }
  }
  return parts;
}

async function drop({ roots }: Place, { folders }: Originals, parts: readonly HeldPart[]): Promise<void> {
  const files = nodeFiles();
  for (const { location } of parts) await files.unlink(location);
  for (const { path } of roots) await tidyHeld(files, path);
  for (const { root, path } of folders) {
    const own = roots.find(({ name }) => name === root);
    if (own) await files.removeFolder(`${own.path}/${path}`);
  }
}
