/** Chooses sessions by what is noted of them, without reading a line. Pure. */
import type { ListedSession, SessionState } from "@session-archiver/core";
import { factsOf, type SessionFacts } from "./facts.js";
import { matcherOf } from "./glob.js";

/** A session must fit every part that is given; of a part with several values, one of them. */
export interface SessionFilter {
  /** `claude-code`, `codex`, …: what wrote them. */
  readonly agents?: readonly string[] | undefined;
  /**
   * Folders in which the agent worked, with all below them; or patterns for such a folder's path or the last part of it, in
   * any case: `*` for any characters but `/`, `**` for any characters, `?` for one.
   */
  readonly projects?: readonly string[] | undefined;
  /** Unix ms: only sessions that were last active then or later. */
  readonly since?: number | undefined;
  /** Unix ms: only sessions that began then or earlier. */
  readonly until?: number | undefined;
  readonly states?: readonly SessionState[] | undefined;
  /** Patterns as for projects, in any case; a session fits if one of its models does, or holds the text. */
  readonly models?: readonly string[] | undefined;
  /** Patterns as for projects, for the name of the branch. */
  readonly branches?: readonly string[] | undefined;
  /** Raw bytes, at least. */
  readonly minBytes?: number | undefined;
}

/** What a filter looks at. */
export type Filtered = Pick<ListedSession, "facts" | "lastActivityMs" | "rawBytes" | "startedAt" | "state">;

/** Whether sessions fit the filter. */
export function sessionMatcher(filter: SessionFilter): (info: Filtered) => boolean {
  const { agents, since, until, states, minBytes } = filter;
  const projects = filter.projects?.map(projectMatcher);
  const models = filter.models?.map(modelMatcher);
  const branches = filter.branches?.map(matcherOf);
  const byFacts = [agents, projects, models, branches].some((part) => part !== undefined);
  const fits = ({ agent, cwd, project, branch, models: used }: SessionFacts): boolean =>
    (agents === undefined || (agent !== null && agents.includes(agent))) &&
    (projects === undefined || (cwd !== null && projects.some((matches) => matches(cwd, project ?? cwd)))) &&
    (branches === undefined || (branch !== null && branches.some((matches) => matches(branch)))) &&
    (models === undefined || used.some((model) => models.some((matches) => matches(model))));
  return (info) =>
    (states === undefined || states.includes(info.state)) &&
    info.rawBytes >= (minBytes ?? 0) &&
    // A session of unknown times fits no filter that asks for times.
    (since === undefined || (info.lastActivityMs !== null && info.lastActivityMs >= since)) &&
    (until === undefined || isAtOrBefore(info.startedAt ?? info.lastActivityMs, until)) &&
    (!byFacts || fits(factsOf(info)));
}

function isAtOrBefore(time: number | null, limit: number): boolean {
  return time !== null && time <= limit;
}

function projectMatcher(pattern: string): (cwd: string, name: string) => boolean {
  const folder = withSlashes(pattern).toLowerCase();
  const fits = matcherOf(folder);
  return (cwd, name) => {
    const path = withSlashes(cwd).toLowerCase();
    return fits(path) || fits(name.toLowerCase()) || path.startsWith(`${folder}/`);
  };
}

/** Paths are compared with slashes, without one at the end. */
function withSlashes(path: string): string {
  const slashes = path.replaceAll("\\", "/");
  return slashes.length > 1 ? slashes.replace(/\/+$/, "") : slashes;
}

function modelMatcher(pattern: string): (model: string) => boolean {
  const lower = pattern.toLowerCase();
  const fits = matcherOf(lower);
  return (model) => model.toLowerCase().includes(lower) || fits(model.toLowerCase());
}
