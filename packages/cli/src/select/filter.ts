/** From options to a filter. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { SessionFilter } from "@session-archiver/search";
import { agentsFrom } from "./agents.js";
import type { FilterOptions } from "./filter-options.js";

/** A usage error for an agent that is not known. */
export async function filterFrom(options: FilterOptions, { cwd }: { readonly cwd: string }): Promise<SessionFilter> {
  const { agent, project, branch, model, state, since, until, minSize } = options;
  return {
    agents: agent && (await agentsFrom(agent)),
    projects: project?.map((pattern) => folderOrPattern(pattern, cwd)),
    branches: branch,
    models: model,
    states: state,
    since,
    until,
    minBytes: minSize,
  };
}

/** Whether any filter was given. */
export function isFiltering(options: FilterOptions): boolean {
  const { agent, project, branch, model, state, since, until, minSize } = options;
  return [agent, project, branch, model, state, since, until, minSize].some((option) => option !== undefined);
}

/** `.`, `..`, `./app`, `~/app` are folders; anything else is as it is. */
function folderOrPattern(pattern: string, cwd: string): string {
  if (/^\.{1,2}(?:$|[/\\])/.test(pattern)) return resolve(cwd, pattern);
  return pattern.replace(/^~(?=$|[/\\])/, homedir);
}
