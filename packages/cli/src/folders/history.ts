/** The runs of this store: what, when, why, and how many bytes. */
import { type RunSummary, readCatalogue, runsOf } from "@session-archiver/agent-folders";
import type { PastRun } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { formatTime } from "../output/times.js";

/** One run in `history --json`. Sizes in bytes, times in unix ms. */
export interface HistoryEntry {
  readonly run: string;
  /** `free` for a sweep that gave files of agents back to the disk; otherwise the archiver's operation. */
  readonly what: string;
  readonly at: number;
  readonly why: string;
  readonly sessions: number;
  /** Of disk, for `free`, and of the files that were put back since; otherwise of archives. */
  readonly bytes: number;
  /** How many of its sessions have been put back since; `null` where that has no meaning. */
  readonly back: number | null;
}

export async function history(context: CommandContext): Promise<boolean> {
  const { archiver, output, signal } = context;
  const back = await bytesPutBack(context);
  const entries = (await runsOf({ archiver }, { signal })).map((run) => freed(run, back.get(run.id) ?? 0));
  for await (const run of archiver.history({ signal })) entries.push(recorded(run));
  entries.sort((a, b) => b.at - a.at);
  await output.result(entries, () =>
    entries.length > 0 ? tableOf(entries, output.lineColumns) : "No run has given anything up yet.",
  );
  return true;
}

/** By run: the bytes of its sessions' files that are in their places again. What they took up on the disk is not noted. */
async function bytesPutBack({ archiver, signal }: CommandContext): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for (const { originals } of (await readCatalogue(archiver, { signal })).sessions) {
    if (!originals?.run || originals.state !== "kept") continue;
    const own = Object.values(originals.members).reduce((sum, { size }) => sum + size, 0);
    bytes.set(originals.run.id, (bytes.get(originals.run.id) ?? 0) + own);
  }
  return bytes;
}

function freed({ id, at, why, sessions, freedDiskBytes, back }: RunSummary, putBack: number): HistoryEntry {
  return { run: id, what: "free", at, why, sessions: sessions.length, bytes: freedDiskBytes + putBack, back };
}

function recorded({ id, operation, at, count, changes }: PastRun): HistoryEntry {
  const kinds = [...new Set(changes.map(({ change }) => change))];
  const reasons = [...new Set(changes.flatMap(({ reason }) => reason ?? []))];
  const bytes = changes.reduce((sum, { archiveBytes = 0 }) => sum + archiveBytes, 0);
  return { run: id, what: operation, at, why: [...kinds, ...reasons].join(", "), sessions: count, bytes, back: null };
}

function tableOf(entries: readonly HistoryEntry[], room: number): Promise<string> {
  const columns = [
    { title: "WHEN" },
    { title: "WHAT" },
    { title: "SESSIONS", alignment: "right", dispensable: 2 },
    { title: "BYTES", alignment: "right", dispensable: 1 },
    { title: "WHY", cut: "end" },
    { title: "RUN" },
  ] as const;
  const rows = entries.map(({ run, what, at, why, sessions, bytes, back }) => [
    formatTime(at),
    what,
    String(sessions),
    formatSize(bytes),
    back === null || back === 0 ? why : `${why}; ${back === sessions ? "undone" : `${back} put back since`}`,
    run,
  ]);
  return formatTable(columns, rows, room);
}
