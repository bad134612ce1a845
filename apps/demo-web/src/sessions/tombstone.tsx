/** A pruned session: when and why it was pruned, what it held, and a button to undo that while it is possible. */
import { Scissors, Undo2 } from "lucide";
import type { VNode } from "preact";
import { now } from "../client/now.ts";
import { undoPrune } from "../client/operations.ts";
import { busy } from "../client/running.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { age, bytes, counted, dateTime } from "../ui/format.ts";
import type { SessionRow } from "../worker/api.ts";

export function Tombstone({ row }: { readonly row: SessionRow }): VNode {
  const isUndoing = busy.value.get(row.id)?.operation === "undo";
  return (
    <EmptyState icon={Scissors} title={row.canUndo ? "Pruned, but not gone yet" : "Pruned: the bytes are gone"}>
      <p class="hint tombstone-text">{fate(row, now.value)}</p>
      <dl class="facts tabular">
        {row.prunedAt !== null && (
          <>
            <dt>When</dt>
            <dd title={dateTime(row.prunedAt)}>
              {dateTime(row.prunedAt)} ({age(row.prunedAt, now.value)})
            </dd>
          </>
        )}
        <dt>Why</dt>
        <dd>{reasonWords(row.pruneReason)}</dd>
        <dt>It held</dt>
        <dd>
          {counted(row.lineCount, "line")}, {bytes(row.rawBytes)}
        </dd>
        {row.canUndo && row.undoableUntil !== null && (
          <>
            <dt>Kept until</dt>
            <dd>{dateTime(row.undoableUntil)}</dd>
          </>
        )}
        {row.purgedAt !== null && (
          <>
            <dt>Deleted</dt>
            <dd>{dateTime(row.purgedAt)}</dd>
          </>
        )}
        {row.canUndo && (
          <>
            <dt>Still taken up</dt>
            <dd>{bytes(row.archiveBytes)}</dd>
          </>
        )}
        {row.lastActivityMs !== null && (
          <>
            <dt>Last active</dt>
            <dd>{dateTime(row.lastActivityMs)}</dd>
          </>
        )}
      </dl>
      {row.canUndo && (
        <Button look="primary" icon={Undo2} busy={isUndoing} onClick={() => void undoPrune(row)}>
          Undo prune
        </Button>
      )}
    </EmptyState>
  );
}

/** What has become of the bytes, or will, and when. */
function fate({ canUndo, undoableUntil, purgedAt }: SessionRow, time: number): string {
  if (!canUndo) {
    const when = purgedAt === null ? "" : ` on ${dateTime(purgedAt)}`;
    return `Its bytes were deleted${when}, after its grace period. What it held is kept on record below.`;
  }
  if (undoableUntil === null) return "Its archive is still here. Undo brings it back as it was.";
  if (undoableUntil <= time) {
    return `Its archive is still here, but its grace period ended on ${dateTime(undoableUntil)}: the next sweep deletes it. Undo brings it back as it was.`;
  }
  return `Its archive is still here. Until ${dateTime(undoableUntil)}, undo brings it back as it was; the first sweep after that deletes it.`;
}

/** The library's own reasons in plain words; other reasons as they were given. */
function reasonWords(reason: string | null): string {
  if (reason === null) return "Not recorded";
  if (reason === "asked for") return "You asked for it";
  if (reason === "archives over the byte cap") return "A sweep: the archives were over the cap";
  return reason.charAt(0).toLocaleUpperCase() + reason.slice(1);
}
