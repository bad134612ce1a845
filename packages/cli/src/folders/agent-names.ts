/** The agents that filters name, as their sources are called. */
import { type AgentSource, sources, type UnitFilter } from "@session-archiver/agent-folders";
import { UsageError } from "../exit.js";

type Lists = Readonly<Partial<Record<"only" | "exclude", readonly UnitFilter[]>>>;

/**
 * The filters with the names of sources, which may be written like the agents' own and in any case: `Claude Code`. A usage
 * error for an agent that is not known here: such a filter would fit nothing.
 */
export function withAgentNames<Options extends Lists>(options: Options): Options {
  const { only, exclude } = options;
  return {
    ...options,
    ...(only && { only: only.map((filter) => normalised(filter, "--only")) }),
    ...(exclude && { exclude: exclude.map((filter) => normalised(filter, "--exclude")) }),
  };
}

function normalised(filter: UnitFilter, flag: string): UnitFilter {
  if (filter.agent === undefined) return filter;
  const meant = sources().find((source) => isCalled(source, filter.agent ?? ""));
  if (meant) return { ...filter, agent: meant.name };
  const known = sources().map(({ name }) => name);
  throw new UsageError(`${flag}: no agent that is known here is called "${filter.agent}": ${known.join(", ")}.`);
}

function isCalled({ name, label }: AgentSource, word: string): boolean {
  return [name, label].some((one) => one.toLowerCase() === word.trim().toLowerCase());
}
