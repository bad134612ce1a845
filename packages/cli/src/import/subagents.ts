/** Sessions of subagents. They belong to the session that called them; their ids start with its id. */
import type { CommandContext } from "../command.js";
import type { KnownSessions } from "./known-sessions.js";

const SUBAGENT = /^agent-[^/]*$/;

/** The ids of a session's subagents: `<id>/agent-…`, or `<id>/subagents/agent-…` where ids are paths. */
export async function subagentsOf({ archiver, signal }: CommandContext, id: string): Promise<readonly string[]> {
  const prefix = `${id}/`;
  const found: string[] = [];
  for await (const { id: other } of archiver.list({ prefix, from: "metadata", signal })) {
    if (SUBAGENT.test(other.slice(other.lastIndexOf("/") + 1))) found.push(other);
  }
  return found.sort();
}

/** Pins a new session if it is a subagent's of a pinned one. */
export async function keepWithPinned(
  { archiver, signal }: CommandContext,
  sessions: KnownSessions,
  id: string,
): Promise<void> {
  const parts = id.split("/");
  if (!SUBAGENT.test(parts.at(-1) ?? "")) return;
  for (let count = parts.length - 1; count > 0; count--) {
    const parent = parts.slice(0, count).join("/");
    if ((await sessions.get(parent))?.pinned) return await archiver.pin(id, true, { signal });
  }
}
