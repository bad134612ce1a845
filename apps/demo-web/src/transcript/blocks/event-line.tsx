/** A record of the agent's bookkeeping: one quiet line, which opens to the record itself. */

import type { EventBlock } from "@session-archiver/transcripts";
import type { VNode } from "preact";
import { dateTime } from "../../ui/format.ts";

interface EventLineProps {
  readonly event: EventBlock;
  readonly time: number | null;
  readonly open: boolean;
  readonly onToggle: () => void;
}

export function EventLine({ event, time, open, onToggle }: EventLineProps): VNode {
  return (
    <button
      type="button"
      class={`event event-${event.tone}`}
      aria-expanded={open}
      title={time === null ? undefined : dateTime(time)}
      onClick={onToggle}
    >
      <span class="event-label">{event.label}</span>
      <span class="event-detail">{event.detail}</span>
    </button>
  );
}
