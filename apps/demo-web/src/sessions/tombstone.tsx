/** A pruned session: when and why it was pruned, what it held, and a button to undo that while it is possible. */
import { Scissors, Undo2 } from "lucide";
import type { VNode } from "preact";
import { now } from "../client/now.ts";
import { busy, undoPrune } from "../client/operations.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { age, bytes, counted, dateTime } from "../ui/format.ts";
import type { SessionRow } from "../worker/api.ts";

export function Tombstone({ row }: { readonly row: SessionRow }): VNode {
  const isUndoing = busy.value.get(row.id)?.operation === "undo";
  return (
    <EmptyState icon={Scissors} title={row.canUndo ? "Pruned, but not gone yet" : "Pruned: the bytes are gone"}>
      <p class="hint tombstone-text">
        {row.canUndo
          ? "Its archive is still here until the grace period is over. Undo brings it back as it was."
          : "Its grace period is over. What it held is kept on record below."}
      </p>
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

/** The library's own reasons in plain words; other reasons as they were given. */
function reasonWords(reason: string | null): string {
  if (reason === null) return "Not recorded";
  if (reason === "asked for") return "You asked for it";
  if (reason === "archives over the byte cap") return "A sweep: the archives were over the cap";
  return reason.charAt(0).toLocaleUpperCase() + reason.slice(1);
}
