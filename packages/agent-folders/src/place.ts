/** Finds a source's folders on this machine. */
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { fileError, isAbsent } from "./files/system-errors.js";
import type { Files } from "./files.js";
import { sources } from "./registry.js";
import type { AgentSource, Env, Place, Root } from "./source.js";

/**
 * The roots that exist below `home`, an absolute path. A home or root that is a link as a whole is followed. `env`: to see
 * which folders belong to agents.
 *
 * `INVALID_ARGUMENT`: the home is not an absolute path of a folder; two roots are the same folder; or the folder belongs to
 * an agent that has a source of its own. `NOT_FOUND`: a folder of no agent is not there. `UNAVAILABLE`: a root is a link to something that is not there, such as a disk that
 * is not mounted.
 */
export async function placeOf(source: AgentSource, home: string, files: Files, env: Env = process.env): Promise<Place> {
  if (typeof home !== "string" || !isAbsolute(home) || home.includes("\0")) {
    throw invalid(`The folder of ${source.label} must be an absolute path, is "${home}".`);
  }
  const roots = await rootsOf(source, home, files);
  const twice = roots.find((one) => roots.some((other) => other !== one && isWithin(one.path, other.path)));
  if (twice) throw invalid(`"${twice.name}" of ${source.label} lies in another of its folders, as "${twice.path}".`);
  const isNamed = source.home(env) === undefined;
  if (isNamed && roots.length === 0)
    throw new ArchiverError("NOT_FOUND", `There is no folder "${home}".`, { key: home });
  if (isNamed) await refuseAgentsFolder(roots, files, env);
  return { source, home, roots };
}

async function rootsOf(source: AgentSource, home: string, files: Files): Promise<readonly Root[]> {
  const roots: Root[] = [];
  for (const name of source.roots) {
    const path = (await realFolder(home, files)) && (await realFolder(join(home, name), files));
    if (path !== undefined) roots.push({ name, path });
  }
  return roots;
}

/** Without links. `undefined`: there is nothing. */
async function realFolder(path: string, files: Files): Promise<string | undefined> {
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    if (!isAbsent(error)) throw fileError("find", path, error);
    if ((await files.look(path))?.kind !== "link") return undefined;
    const message = `"${path}" is a link to a folder that is not there. Is its disk mounted?`;
    throw new ArchiverError("UNAVAILABLE", message, { key: path, cause: error });
  }
  if ((await files.look(real))?.kind !== "folder") throw invalid(`"${path}" is not a folder.`);
  return real;
}

/** In an agent's own folder, only its source knows what is live and what belongs together. */
async function refuseAgentsFolder(roots: readonly Root[], files: Files, env: Env): Promise<void> {
  for (const agent of sources()) {
    const home = agent.home(env);
    if (home === undefined) continue;
    for (const { path } of await rootsOf(agent, home, files)) {
      if (!roots.some((ours) => isWithin(ours.path, path) || isWithin(path, ours.path))) continue;
      throw invalid(`"${path}" belongs to ${agent.label}: name the source "${agent.name}" in place of a folder.`);
    }
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function invalid(message: string): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", message);
}
