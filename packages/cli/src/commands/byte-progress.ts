/** Shows the bytes that one session after another brings. */
import { hasCode, type SessionInfo } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Progress } from "../output/progress.js";

/** Runs `work` while the archiver's progress events move a bar of `total` bytes. */
export function withByteProgress<T>(
  context: CommandContext,
  label: string,
  total: number,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  return context.output.withProgress({ label, total, unit: "bytes" }, (progress) => {
    let before = 0;
    let current: { readonly id: string; readonly totalBytes: number } | undefined;
    context.listen((event) => {
      if (event.type === "archived") {
        progress.finished(`archived ${event.id}`);
      } else if (event.type === "restored") {
        progress.finished(`restored ${event.id}`);
      } else if (event.type === "progress") {
        if (current && current.id !== event.id) before += current.totalBytes;
        current = event;
        progress.update(before + event.bytes, event.id);
      }
    });
    return work(progress);
  });
}

/** What `measure` finds in these sessions. One that can't be looked at counts nothing: it fails when its turn comes. */
export async function bytesIn(
  { archiver, signal }: CommandContext,
  ids: Iterable<string>,
  measure: (info: SessionInfo) => number,
): Promise<number> {
  let total = 0;
  for (const id of new Set(ids)) {
    try {
      total += measure(await archiver.info(id, { signal }));
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
    }
  }
  return total;
}
