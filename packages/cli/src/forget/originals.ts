/** What a sweep of an agent's folder knows of a session that is to be forgotten: its files, and what is held aside of them. */
import { join } from "node:path";
import {
  claimRule,
  nodeFiles,
  type Originals,
  originalsIn,
  placeOf,
  sourceNamed,
} from "@session-archiver/agent-folders";
import { hasCode, type Meta } from "@session-archiver/core";
import type { CommandContext } from "../command.js";

export interface AgentsFiles {
  /** Absolute paths: where its agent wrote them. */
  readonly locations: readonly string[];
  /** Deletes what is held aside of them. Resolves to the number of files. */
  dropHeld(): Promise<number>;
}

export function agentsFiles({ env, signal }: Pick<CommandContext, "env" | "signal">, meta: Meta): AgentsFiles {
  const originals = originalsIn(meta);
  const members = Object.values(originals?.members ?? {});
  return {
    locations: originals ? members.map(({ root, path }) => join(originals.home, root, path)) : [],
    dropHeld: async () => (originals ? dropHeld(originals, env, signal) : 0),
  };
}

async function dropHeld(
  { source: name, home, members }: Originals,
  env: CommandContext["env"],
  signal: AbortSignal,
): Promise<number> {
  const source = sourceNamed(name);
  if (!source) return 0;
  const files = nodeFiles();
  const wanted = new Set(Object.values(members).map(({ root, path }) => `${root}\0${path}`));
  let dropped = 0;
  try {
    for (const root of (await placeOf(source, home, files, env)).roots) {
      for await (const { path, location } of claimRule.heldParts(files, root.path, { signal })) {
        if (wanted.has(`${root.name}\0${path}`) && (await files.unlink(location))) dropped++;
      }
    }
  } catch (error) {
    // A folder that is gone holds nothing.
    if (!hasCode(error, "NOT_FOUND")) throw error;
  }
  return dropped;
}
