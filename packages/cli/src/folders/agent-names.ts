/** The agents that filters name, as their sources are called. */
import { type AgentSource, sources, type UnitFilter } from "@session-archiver/agent-folders";
import { UsageError } from "../usage-error.js";

type Lists = Readonly<Partial<Record<"only" | "exclude", readonly UnitFilter[]>>>;

/**
 * The filters with the names of sources, which may be written like the agents' own and in any case, or begun: `Claude Code`, `claude`. A usage
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
  const meant = sourceCalled(filter.agent, sources(), flag);
  if (meant) return { ...filter, agent: meant.name };
  const known = sources().map(({ name }) => name);
  throw new UsageError(`${flag}: no agent that is known here is called "${filter.agent}": ${known.join(", ")}.`);
}

/**
 * The one that is meant, as for `--agent`: by its name, the agent's own or a beginning that only one has, in any case.
 * `undefined`: none is called so. A usage error if several begin so; `flag` is what it names.
 */
export function sourceCalled(word: string, all: readonly AgentSource[], flag: string): AgentSource | undefined {
  const wanted = word.trim().toLowerCase();
  const fitting = (fits: (name: string) => boolean): readonly AgentSource[] =>
    all.filter(({ name, label }) => fits(name.toLowerCase()) || fits(label.toLowerCase()));
  const called = fitting((name) => name === wanted);
  const [meant, ...others] = called.length > 0 || wanted === "" ? called : fitting((name) => name.startsWith(wanted));
  if (meant === undefined || others.length === 0) return meant;
  const names = [meant, ...others].map(({ name }) => name).join(", ");
  throw new UsageError(`${flag}: "${word}" is the beginning of several agents' names: ${names}.`);
}
