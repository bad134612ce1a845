/** The lines in view, and a bar that shows where they are. */

import type { TranscriptKind } from "@session-archiver/transcripts";
import { defaultRangeExtractor, type Range } from "@tanstack/virtual-core";
import type { RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { kept } from "../client/local.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { number } from "../ui/format.ts";
import { useVirtual } from "../ui/use-virtual.ts";
import type { SessionApi } from "../worker/api.ts";
import { FeedRow } from "./feed-row.tsx";
import { NewLines } from "./new-lines.tsx";
import { PositionBar } from "./position-bar.tsx";
import { useRefit } from "./use-refit.ts";
import { useTranscriptLines } from "./use-transcript-lines.ts";

/** The number of lines to read before and after those in view. */
const READ_AHEAD = 96;
const OVERSCAN = 8;
const ROW_PX = 56;
/** The tallest element that all browsers draw is about 17 million pixels (Firefox): a huge session gets a lower estimate. */
const MAX_TOTAL_PX = 12_000_000;
/** This close to the end counts as the end. */
const END_PX = 48;

interface FeedProps {
  readonly api: SessionApi;
  readonly id: string;
  readonly title: string;
  readonly kind: TranscriptKind;
  readonly lineCount: number;
  /** Changes when the session is opened again: lines that failed before may be readable now. */
  readonly looked: number;
}

/** If false, each event is a thin line. Leaving their rows out would require reading the whole session. */
const showsEvents = kept("transcript-events", true, (value) => typeof value === "boolean");

/** The row that has the focus stays in the document, wherever the list is scrolled. */
const withFocused = (focused: number | null) => (range: Range) => {
  const rows = defaultRangeExtractor(range);
  if (focused === null || focused >= range.count || rows.includes(focused)) return rows;
  return [...rows, focused].sort((a, b) => a - b);
};

function rowOf(target: EventTarget | null): number | null {
  const index = target instanceof Element ? target.closest("[data-index]")?.getAttribute("data-index") : null;
  return index ? Number(index) : null;
}

export function Feed({ api, id, title, kind, lineCount, looked }: FeedProps): VNode {
  const scrollRef = useRef<HTMLDivElement>(null) as RefObject<HTMLDivElement>;
  const all = useTranscriptLines(api, id, kind, lineCount);
  const [focused, setFocused] = useState<number | null>(null);
  const estimate = Math.max(8, Math.min(ROW_PX, Math.floor(MAX_TOTAL_PX / lineCount)));
  const { items, totalSize, measure, atEnd, virtualizer } = useVirtual({
    count: lineCount,
    scrollRef,
    estimateSize: () => estimate,
    overscan: OVERSCAN,
    anchorTo: "end",
    followsEnd: true,
    scrollEndThreshold: END_PX,
    rangeExtractor: withFocused(focused),
  });
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);

  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;
  useRefit(virtualizer, scrollRef, showsEvents.value, { first, atEnd });
  const { cache, lines, admission } = all;
  useLayoutEffect(() => cache.want(first, last + 1, READ_AHEAD), [cache, first, last, lineCount]);
  useEffect(() => cache.retry(), [cache, looked]);
  useLayoutEffect(() => admission.settle(new Set(items.map(({ index }) => index))));

  // Rows in view are admitted first.
  const inView = items.filter(({ index }) => index >= first && index <= last);
  const drawn = new Set<number>();
  for (const { index } of [...inView, ...items]) {
    const line = cache.get(index);
    if (line && admission.admit(index, line.text.length)) drawn.add(index);
  }
  const failure = cache.failureIn(first, last + 1);
  const toEnd = (): void => virtualizer.scrollToEnd();
  const goTo = (index: number): void => {
    virtualizer.scrollToIndex(index, { align: "start" });
    scrollRef.current?.focus({ preventScroll: true });
  };
  const showEvents = (shown: boolean): void => {
    showsEvents.value = shown;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    if (event.key === "Home") virtualizer.scrollToIndex(0, { align: "start" });
    else toEnd();
  };

  return (
    <div class="transcript">
      <div
        ref={scrollRef}
        class={showsEvents.value ? "feed" : "feed feed-folded"}
        role="feed"
        aria-label={`Transcript of ${title}`}
        aria-busy={inView.some(({ index }) => !drawn.has(index))}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocusIn={(event) => setFocused(rowOf(event.target))}
        onFocusOut={() => setFocused(null)}
      >
        <div class="feed-lines" role="presentation" style={{ height: `${totalSize}px` }}>
          {items.map((item) => {
            const line = cache.get(item.index);
            return (
              <FeedRow
                key={item.index}
                item={item}
                measure={measure}
                line={drawn.has(item.index) ? line : undefined}
                continued={line !== undefined && drawn.has(item.index) && lines.continues(line)}
                failed={line === undefined && cache.failureIn(item.index, item.index + 1) !== undefined}
                lineCount={lineCount}
                all={all}
              />
            );
          })}
        </div>
      </div>
      {failure && (
        <div class="feed-failure">
          <ErrorNote
            error={failure.error}
            doing={`Lines ${number(failure.from + 1)} to ${number(failure.to)} can't be read`}
            onRetry={() => cache.retry()}
          />
        </div>
      )}
      <NewLines lineCount={lineCount} atEnd={atEnd} onShow={toEnd} />
      <PositionBar
        first={first}
        last={last}
        lineCount={lineCount}
        atEnd={atEnd}
        time={timeNear(first, last, all)}
        showsEvents={showsEvents.value}
        onShowEvents={showEvents}
        onGoTo={goTo}
        onEnd={toEnd}
      />
    </div>
  );
}

/** The time (unix ms) of the first line in view that has one. */
function timeNear(first: number, last: number, { cache, lines }: ReturnType<typeof useTranscriptLines>): number | null {
  for (let index = first; index <= last; index++) {
    const line = cache.get(index);
    const time = line && lines.parsed(line).entries[0]?.time;
    if (time !== null && time !== undefined) return time;
  }
  return null;
}
