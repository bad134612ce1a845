/** All sessions, last active first. */
import type { ListedSession, SessionFailure } from "@session-archiver/core";
import type { CommandContext } from "../command.js";

/** `onFailure`: gets each session that can't be looked at. */
export function newestFirst(
  { archiver, signal }: Pick<CommandContext, "archiver" | "signal">,
  onFailure?: (failure: SessionFailure) => void,
): AsyncIterable<ListedSession> {
  return archiver.listNewest({ onFailure, signal });
}
