/** Finds out what forgetting sessions would delete, and what it can't reach. */
import { existsSync } from "node:fs";
import { failureOf, hasCode, type SessionFailure, type SessionInfo, type SessionState } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Named } from "../ids.js";
import { originOf } from "../import/known-sessions.js";
import { subagentsOf } from "../import/subagents.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { count, printable } from "../output/text.js";
import type { AgentsFiles } from "./originals.js";

/** Sizes in bytes. */
export interface ToForget {
  readonly id: string;
  /** `null`: the catalogue has no such session, or can't read it. */
  readonly state: SessionState | null;
  readonly liveBytes: number;
  /** Of all archive objects, also those of other stores and in the quarantine. */
  readonly archiveBytes: number;
  readonly pinned: boolean;
  /** `<agent>:<native id>` of its source, if known. */
  readonly identity: string | undefined;
}

export interface ForgetPlan {
  readonly sessions: readonly ToForget[];
  /** The agents' own files that are still on disk. */
  readonly sources: readonly string[];
  readonly failures: readonly SessionFailure[];
  /** What sweeps hold aside of the agents' files. It is deleted. */
  readonly held: AgentsFiles["held"];
  /** Deletes what is held aside of the session's files. */
  dropHeld(id: string): Promise<void>;
}

/** The sessions that were named and their subagents', each once. Changes nothing. */
export async function planForgetting(context: CommandContext, named: readonly Named[]): Promise<ForgetPlan> {
  const sessions = new Map<string, ToForget>();
  const sources = new Set<string>();
  const drops = new Map<string, AgentsFiles["drop"]>();
  const held = { files: 0, bytes: 0 };
  const failures: SessionFailure[] = [];
  const add = async (id: string, missing?: Error): Promise<void> => {
    if (sessions.has(id)) return;
    try {
      const { session, source, agents } = await lookAt(context, id);
      sessions.set(id, session);
      drops.set(id, agents.drop);
      held.files += agents.held.files;
      held.bytes += agents.held.bytes;
      for (const file of [source, ...agents.locations]) if (file !== undefined && existsSync(file)) sources.add(file);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      failures.push(failureOf(id, hasCode(error, "NOT_FOUND") ? (missing ?? error) : error));
    }
  };
  for (const { id, missing } of named) {
    await add(id, missing);
    // A session's subagents speak of it.
    if (sessions.has(id)) for (const subagent of await subagentsOf(context, id)) await add(subagent);
  }
  const dropHeld = async (id: string): Promise<void> => void (await drops.get(id)?.());
  return { sessions: [...sessions.values()], sources: [...sources], failures, held, dropHeld };
}

async function lookAt(
  context: CommandContext,
  id: string,
): Promise<{ readonly session: ToForget; readonly source: string | undefined; readonly agents: AgentsFiles }> {
  const { archiver, signal } = context;
  const { liveBytesFreed, archiveBytesFreed } = await archiver.forget(id, { dryRun: true, signal });
  let info: SessionInfo | undefined;
  try {
    info = await archiver.info(id, { signal });
  } catch (error) {
    // There are only archives of it, or its record is damaged.
    if (!hasCode(error, "NOT_FOUND", "CORRUPT")) throw error;
  }
  const { identity, location, oldPath } = info ? originOf(info.meta) : {};
  const { state = null, pinned = false } = info ?? {};
  const sizes = { liveBytes: liveBytesFreed, archiveBytes: archiveBytesFreed };
  const { agentsFiles } = await import("./originals.js");
  const agents = await agentsFiles(context, info?.meta ?? {});
  return { session: { id, state, pinned, identity, ...sizes }, source: location ?? oldPath, agents };
}

export async function planText({ sessions, sources, held }: ForgetPlan): Promise<string> {
  if (sessions.length === 0) return "There is nothing to forget.";
  const columns = [
    { title: "STATE" },
    { title: "LIVE", alignment: "right" },
    { title: "ARCHIVES", alignment: "right" },
    { title: "ID" },
  ] as const;
  const rows = sessions.map(({ id, state, pinned, liveBytes, archiveBytes }) => [
    `${state ?? "unknown"}${pinned ? ", pinned" : ""}`,
    formatSize(liveBytes),
    formatSize(archiveBytes),
    id,
  ]);
  const lines = [
    await formatTable(columns, rows),
    `Would forget ${count(sessions.length, "session")}, and write databases anew.`,
    ...(held.files > 0 ? [`Would delete what a sweep holds aside of them: ${heldText(held)}.`] : []),
    ...sources.map((source) => `Stays on disk: ${printable(source)} (the agent's own file)`),
  ];
  return lines.join("\n");
}

export function heldText({ files, bytes }: ForgetPlan["held"]): string {
  return `${count(files, "file")} of ${formatSize(bytes)}`;
}
