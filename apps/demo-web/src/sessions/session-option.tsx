/** One row of the list. */
import { CornerDownRight, Pin } from "lucide";
import type { VNode } from "preact";
import { now } from "../client/now.ts";
import { agentWords, originWords } from "../client/row-words.ts";
import { busy, failed } from "../client/running.ts";
import { age, bytes, dateTime } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import type { SessionRow } from "../worker/api.ts";

interface SessionOptionProps {
  readonly row: SessionRow;
  /** 0, or for a subagent's session how far it stands below another's. */
  readonly depth: number;
  /** Pixels. */
  readonly top: number;
  readonly height: number;
  /** From 1. */
  readonly position: number;
  readonly count: number;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  readonly onOpen: () => void;
}

/** Rows that stand deeper are not indented further. */
const MOST_DEPTH = 3;

export function SessionOption(props: SessionOptionProps): VNode {
  const { row, depth, top, height, position, count, isOpen, isTabStop, onOpen } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys
    <div
      role="option"
      class={`session-option session-option-${row.state}`}
      aria-selected={isOpen}
      aria-posinset={position}
      aria-setsize={count}
      tabIndex={isTabStop ? 0 : -1}
      data-subagent={depth > 0 || undefined}
      style={{ transform: `translateY(${top}px)`, height: `${height}px`, "--depth": Math.min(depth, MOST_DEPTH) }}
      onClick={onOpen}
    >
      <div class="session-option-line">
        <span class="session-option-title truncate" title={row.title}>
          {depth > 0 && <Icon icon={CornerDownRight} size={14} />}
          {row.title}
        </span>
        {depth > 0 && <span class="visually-hidden">Subagent</span>}
        {mark(row)}
        {row.pinned && (
          <span class="session-option-pin" title="Pinned: never swept or pruned">
            <Icon icon={Pin} size={14} />
            <span class="visually-hidden">Pinned</span>
          </span>
        )}
      </div>
      <p class="session-option-origin truncate" title={originTitle(row)}>
        {originWords(row).join(" · ")}
      </p>
      <div class="session-option-line session-option-meta">
        <StateMark state={row.state} />
        {row.lastActivityMs !== null && (
          <span class="truncate" title={dateTime(row.lastActivityMs)}>
            {age(row.lastActivityMs, now.value)}
          </span>
        )}
        <Sizes row={row} />
      </div>
    </div>
  );
}

function mark(row: SessionRow): VNode | null {
  if (busy.value.has(row.id)) return <Spinner />;
  if (failed.value.has(row.id)) return <span class="dot dot-danger" role="img" aria-label="Failed" />;
  if (row.agentRunning) return <span class="dot dot-pulse" role="img" aria-label="Agent running" />;
  return null;
}

/** The same at full length. */
function originTitle(row: SessionRow): string {
  return [row.cwd, row.branch, agentWords(row.kind), ...row.models].filter((part) => part !== null).join(" · ");
}

/** "1.2 MB → 240 kB": its raw bytes, and its total bytes now. */
function Sizes({ row }: { readonly row: SessionRow }): VNode {
  if (row.state === "live" || row.state === "pruned") {
    return <span class="session-option-size tabular">{bytes(row.rawBytes)}</span>;
  }
  return (
    <span class="session-option-size tabular">
      <span class="session-option-was">{bytes(row.rawBytes)}</span>
      <span aria-hidden="true"> → </span>
      <span class="visually-hidden"> now takes up </span>
      {bytes(row.liveBytes + row.archiveBytes)}
    </span>
  );
}
