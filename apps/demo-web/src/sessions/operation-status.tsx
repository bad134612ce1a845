/** The running operation on the session, or its last failure, shown under its header. */
import type { VNode } from "preact";
import { cancelAll } from "../client/connection.ts";
import { busy, dismissFailure, failed, type Operation } from "../client/running.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import type { SessionRow } from "../worker/api.ts";

/** The words for a running operation, the words for its failure, and whether to show progress. */
const WORDS: Readonly<Record<Operation, readonly [doing: string, failed: string, isLong: boolean]>> = {
  archive: ["Archiving", "Archiving failed", true],
  restore: ["Restoring", "Restoring failed", true],
  verify: ["Verifying every byte", "Verifying failed", true],
  export: ["Exporting", "The export failed", true],
  pin: ["Pinning", "The pin could not be changed", false],
  prune: ["Pruning", "Pruning failed", false],
  undo: ["Bringing it back", "The session could not be brought back", false],
  delete: ["Deleting", "Deleting failed", false],
  agent: ["Asking the agent", "The agent could not be reached", false],
};

export function OperationStatus({ row }: { readonly row: SessionRow }): VNode | null {
  const now = busy.value.get(row.id);
  const failure = failed.value.get(row.id);
  if (now) {
    const [doing, , isLong] = WORDS[now.operation];
    if (!isLong) return null;
    return (
      <div class="operation">
        <p class="operation-title">{doing}…</p>
        <ProgressBar label={doing} fraction={now.fraction} />
        <Button look="quiet" onClick={cancelAll}>
          Cancel
        </Button>
      </div>
    );
  }
  if (!failure) return null;
  return (
    <div class="operation-failed">
      <ErrorNote
        doing={WORDS[failure.operation][1]}
        error={failure.error}
        onRetry={failure.retry}
        onDismiss={() => dismissFailure(row.id)}
      />
    </div>
  );
}
