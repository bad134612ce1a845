/** Which sessions are rows of their own: not those of subagents, which belong to another, nor empty ones. */
import { hasCode, type SessionInfo } from "@session-archiver/core";
import type { SessionFacts } from "@session-archiver/search";
import type { CommandContext } from "../command.js";

const SUBAGENT = /^(.+?)(?:\/subagents)?\/agent-[^/]*$/s;

/** The same by the id alone: `<id>/agent-…`, or `<id>/subagents/agent-…` where ids are paths. */
export function callerById(id: string): string | undefined {
  return id.includes("/agent-") ? SUBAGENT.exec(id)?.[1] : undefined;
}

/** The id of the session that called this one as a subagent, by its id or its facts; it need not be there. */
export function callerOf({ id }: Pick<SessionInfo, "id">, { isSubagent, parentId }: SessionFacts): string | null {
  return callerById(id) ?? (isSubagent && parentId !== id ? parentId : null);
}

/** Whether the session belongs to another one that is there. */
export async function isInUnit(
  { archiver, signal }: Pick<CommandContext, "archiver" | "signal">,
  caller: string | null,
): Promise<boolean> {
  if (caller === null) return false;
  try {
    await archiver.info(caller, { signal });
    return true;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return !hasCode(error, "NOT_FOUND", "INVALID_ARGUMENT");
  }
}

/**
 * Whether nobody has said anything in it. What is not known counts as something: sessions without facts, or of an unknown
 * agent, are empty only without a line.
 */
export function isEmpty({ lineCount }: Pick<SessionInfo, "lineCount">, { agent, messages }: SessionFacts): boolean {
  if (lineCount === 0) return true;
  return messages !== null && agent !== null && agent !== "other" && messages.user + messages.assistant === 0;
}
