/** The folders that `--source` names: `claude-code,codex` for those of agents, a path for any other. Agents go by the names of `--agent`, too. */
import { stat } from "node:fs/promises";
import {
  type AgentSource,
  type Files,
  type Place,
  placeOf,
  sourceNamed,
  sources,
} from "@session-archiver/agent-folders";
import { hasCode, toArchiverError } from "@session-archiver/core";
import { absolutePath } from "../arguments.js";
import type { CommandContext } from "../command.js";
import { UsageError } from "../usage-error.js";
import { sourceCalled } from "./agent-names.js";

/** The source whose folders are named by their paths. */
const FOLDER = "folder";

/** A usage error for a name that is neither an agent's nor a folder's. */
export async function placesNamed(
  { cwd, env }: Pick<CommandContext, "cwd" | "env">,
  files: Files,
  words: readonly string[],
): Promise<readonly Place[]> {
  const places: Place[] = [];
  const seen = new Set<AgentSource>();
  for (const word of new Set(words)) {
    const path = absolutePath(word, cwd);
    const source = sourceNamed(word) ?? ((await isFolder(path)) ? undefined : sourceCalled(word, agents(), "--source"));
    const home = source?.home(env);
    if (source && home !== undefined) {
      if (seen.has(source)) continue;
      seen.add(source);
      if (!(await isFolder(home)))
        throw new UsageError(`${source.label} has no folder here: "${home}" does not exist.`);
      places.push(await placeOf(source, home, files, env));
    } else places.push(await folderNamed(word, path, files, env));
  }
  return places;
}

/**
 * The folders of all agents that have one here. `onFailure`: what is wrong with one that can't be looked at, such as a link
 * to a disk that is not mounted; the others are found all the same.
 */
export async function placesHere(
  env: CommandContext["env"],
  files: Files,
  onFailure: (message: string) => void,
): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const source of sources()) {
    const home = source.home(env);
    if (home === undefined || !(await isFolder(home))) continue;
    try {
      places.push(await placeOf(source, home, files, env));
    } catch (error) {
      if (!hasCode(error, "UNAVAILABLE", "INVALID_ARGUMENT")) throw error;
      onFailure(`${source.label} is left out: ${toArchiverError(error).message}`);
    }
  }
  return places;
}

async function folderNamed(word: string, path: string, files: Files, env: CommandContext["env"]): Promise<Place> {
  const source = sourceNamed(FOLDER);
  if (source && (await isFolder(path))) return placeOf(source, path, files, env);
  const known = agents().map(({ name }) => name);
  throw new UsageError(`"${word}" is neither a folder nor an agent that is known here: ${known.join(", ")}.`);
}

function agents(): readonly AgentSource[] {
  return sources().filter(({ name }) => name !== FOLDER);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
