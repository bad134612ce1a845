/** The right pane of one session: its facts, its actions and its transcript. */
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { api, subscribe } from "../client/connection.ts";
import { loading, sessions } from "../client/sessions.ts";
import { TranscriptView } from "../transcript/transcript-view.tsx";
import { NotHere } from "./not-here.tsx";
import { OperationStatus } from "./operation-status.tsx";
import { SessionHeader } from "./session-header.tsx";
import { PageSkeleton } from "./skeletons.tsx";
import { Tombstone } from "./tombstone.tsx";

export function SessionPage({ id }: { readonly id: string }): VNode {
  const row = sessions.value.get(id);
  const remote = useMemo(api, []);
  if (!row && loading.value.status === "loading") return <PageSkeleton />;
  if (!row) {
    const hint = `No session in this browser is called “${id}”. It may have been deleted since, or the address may be mistyped or from another browser.`;
    return <NotHere title="This session is not here" hint={hint} />;
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
