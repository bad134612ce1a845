/** Looks sessions, runs, and what is known of sessions up in the store. */

import type { ListedSession } from "@session-archiver/core";
import { factsOf, type SessionFacts } from "@session-archiver/search";
import type { CommandContext } from "../command.js";
import { formatTime } from "../output/times.js";
import { newestFirst } from "../select/newest-first.js";
import { namesOf, shortIds } from "../select/short-ids.js";
import type { Offer } from "./offer.js";
import type { Stored } from "./offers.js";

/** Nobody reads a longer list, and shells ask at every key. */
const MOST = 100;

type Looking = Pick<CommandContext, "archiver" | "signal">;

export async function stored(context: Looking, what: Stored, word: string): Promise<readonly Offer[]> {
  if (what === "run") return runs(context);
  if (what === "source") return agentSources();
  const infos: ListedSession[] = [];
  for await (const info of newestFirst(context, () => {})) infos.push(info);
  return what === "session" ? sessions(infos, word) : facts(infos, what, word);
}

/** The newest first, each by its shortest name that begins with what was typed. */
function sessions(infos: readonly ListedSession[], word: string): readonly Offer[] {
  const shorts = shortIds(Number.POSITIVE_INFINITY);
  for (const info of infos) shorts.add(info);
  const offers: Offer[] = [];
  for (const info of infos) {
    const { id, lastActivityMs } = info;
    // A path, which is no agent's id, is known by its whole name.
    const short = id.includes(":") ? shorts.shortOf(id) : id;
    const value = [short, ...namesOf(info), id].find((name) => name.startsWith(word));
    if (value === undefined) continue;
    const { agent, title, project } = factsOf(info);
    const about = [formatTime(lastActivityMs), agent, title ?? project].filter((part) => part !== null && part !== "-");
    offers.push({ value, about: about.join(" ") });
    if (offers.length === MOST) break;
  }
  return offers;
}

/** Values of a fact, those of the newest sessions first. */
function facts(
  infos: readonly ListedSession[],
  what: Exclude<Stored, "session" | "run" | "source">,
  word: string,
): readonly Offer[] {
  const of: Readonly<Record<typeof what, (facts: SessionFacts) => readonly (string | null)[]>> = {
    agent: ({ agent }) => [agent],
    project: ({ project }) => [project],
    branch: ({ branch }) => [branch],
    model: ({ models }) => models,
  };
  const counts = new Map<string, number>();
  for (const value of infos.flatMap((info) => of[what](factsOf(info)))) {
    if (value?.startsWith(word)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const all = [...counts].map(([value, count]) => ({ value, about: count === 1 ? "1 session" : `${count} sessions` }));
  return all.slice(0, MOST);
}

/** Those that can still be taken back. */
async function runs({ archiver, signal }: Looking): Promise<readonly Offer[]> {
  const { runsOf } = await import("@session-archiver/agent-folders");
  const all = (await runsOf({ archiver }, { signal })).filter(({ back, sessions: { length } }) => back < length);
  return all.slice(0, MOST).map(({ id, at, why }) => ({ value: id, about: `${formatTime(at)} ${why}` }));
}

async function agentSources(): Promise<readonly Offer[]> {
  const { sources } = await import("@session-archiver/agent-folders");
  return sources().flatMap(({ name, label }) => (name === "folder" ? [] : [{ value: name, about: label }]));
}
