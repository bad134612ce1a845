/** The right pane of one session: its facts, its actions and its transcript. */
import { FileQuestion } from "lucide";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { api, subscribe } from "../client/connection.ts";
import { hashOf } from "../client/route.ts";
import { loading, sessions } from "../client/sessions.ts";
import { TranscriptView } from "../transcript/transcript-view.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { OperationStatus } from "./operation-status.tsx";
import { SessionHeader } from "./session-header.tsx";
import { PageSkeleton } from "./skeletons.tsx";
import { Tombstone } from "./tombstone.tsx";

export function SessionPage({ id }: { readonly id: string }): VNode {
  const row = sessions.value.get(id);
  const remote = useMemo(api, []);
  if (!row && loading.value.status === "loading") return <PageSkeleton />;
  if (!row) {
    return (
      <EmptyState icon={FileQuestion} title="This session is not here">
        <p class="hint">It was deleted, or the link is from another browser.</p>
        <a class="button button-plain" href={hashOf({ page: "home" })}>
          Back to the sessions
        </a>
      </EmptyState>
    );
  }
  return (
    <article class="session" aria-label={row.title}>
      <SessionHeader row={row} />
      <OperationStatus row={row} />
      <div class="session-body">
        {row.state === "pruned" ? (
          <Tombstone row={row} />
        ) : (
          <TranscriptView api={remote} session={row} events={subscribe} />
        )}
      </div>
    </article>
  );
}
