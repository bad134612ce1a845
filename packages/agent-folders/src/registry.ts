/** All known sources, by name. Others can add theirs. */
import { ArchiverError } from "@session-archiver/core";
import { checkSource } from "./check-source.js";
import { claudeCodeSource } from "./claude-code/source.js";
import { codexSource } from "./codex/source.js";
import { folderSource } from "./folder/source.js";
import type { AgentSource } from "./source.js";

const registered = new Map<string, AgentSource>();

/** From now on, the source is found by its name. `INVALID_ARGUMENT` if it is malformed, or another one has this name. */
export function registerSource(source: AgentSource): void {
  checkSource(source);
  if (registered.has(source.name)) {
    throw new ArchiverError("INVALID_ARGUMENT", `There is a source called "${source.name}" already.`);
  }
  registered.set(source.name, source);
}

/** `undefined`: none is called so. */
export const sourceNamed = (name: string): AgentSource | undefined => registered.get(name);

/** In the order in which they were registered. */
export const sources = (): readonly AgentSource[] => [...registered.values()];

registerSource(claudeCodeSource());
registerSource(codexSource);
registerSource(folderSource);
