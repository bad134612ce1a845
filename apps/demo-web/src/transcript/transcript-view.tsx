/** A session's transcript. Live, archived and resumed sessions are read the same way. */

import { codeOf } from "@session-archiver/core";
import { Archive, FileText } from "lucide";
import type { VNode } from "preact";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { dateTime } from "../ui/format.ts";
import type { SessionApi, SessionRow } from "../worker/api.ts";
import { Feed } from "./feed.tsx";
import { Skeleton } from "./skeleton.tsx";
import "./transcript.css";
import { type Events, useTranscript } from "./use-transcript.ts";

export interface TranscriptViewProps {
  readonly api: SessionApi;
  readonly session: SessionRow;
  /** Subscribes to the worker's events; returns the function that unsubscribes. */
  readonly events: Events;
}

const SKELETON_ROWS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

function Loading(): VNode {
  return (
    <div class="transcript" role="status" aria-label="Opening the transcript">
      <div class="feed feed-loading">
        {SKELETON_ROWS.map((index) => (
          <div key={index} class="feed-loading-row">
            <Skeleton index={index} waiting />
          </div>
        ))}
      </div>
    </div>
  );
}

function Pruned({ session }: { readonly session: SessionRow }): VNode {
  return (
    <EmptyState icon={Archive} title="This session was pruned">
      <p>
        {session.canUndo
          ? `Its text is still kept${session.undoableUntil === null ? "" : `, at least until ${dateTime(session.undoableUntil)}`}. Undo the prune to read it again.`
          : "Its text has been deleted to make room. A note of it stays in the list."}
      </p>
    </EmptyState>
  );
}

function Transcript({ api, session, events }: TranscriptViewProps): VNode {
  const opened = useTranscript(api, session.id, events);
  if (opened.status === "loading") return <Loading />;
  if (opened.status === "failed") {
    return (
      <div class="transcript transcript-message">
        {codeOf(opened.error) === "PRUNED" ? (
          <Pruned session={session} />
        ) : (
          <ErrorNote error={opened.error} doing="The transcript can't be opened" onRetry={opened.retry} />
        )}
      </div>
    );
  }
  if (opened.lineCount === 0) {
    return (
      <div class="transcript transcript-message">
        <EmptyState icon={FileText} title="Nothing written yet">
          <p>Lines appear here as soon as an agent writes to this session.</p>
        </EmptyState>
      </div>
    );
  }
  const { id, title, kind } = session;
  const { edition, lineCount, looked } = opened;
  return <Feed key={edition} api={api} id={id} title={title} kind={kind} lineCount={lineCount} looked={looked} />;
}

export function TranscriptView(props: TranscriptViewProps): VNode {
  return <Transcript key={props.session.id} {...props} />;
}
