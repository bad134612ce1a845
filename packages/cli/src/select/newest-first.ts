/** All sessions, last active first. */
import type { SessionFailure } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Listed } from "./listed.js";
import { comparePlaces } from "./sort.js";

/** `onFailure`: gets each session that can't be looked at. */
export async function* newestFirst(
  { archiver, signal }: Pick<CommandContext, "archiver" | "signal">,
  onFailure?: (failure: SessionFailure) => void,
): AsyncGenerator<Listed> {
  const infos: Listed[] = [];
  for await (const info of archiver.list({ from: "metadata", onFailure, signal })) infos.push(info);
  yield* infos.sort((a, b) => comparePlaces({ key: a.lastActivityMs, id: a.id }, { key: b.lastActivityMs, id: b.id }));
}
