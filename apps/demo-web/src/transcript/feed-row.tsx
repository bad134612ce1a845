/** A row at its place: the line, or its placeholder. Redrawn only when its own properties have changed. */
import type { VirtualItem } from "@tanstack/virtual-core";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { TranscriptLine } from "../worker/api.ts";
import { Row } from "./row.tsx";
import { RowScope } from "./row-state.ts";
import { Skeleton } from "./skeleton.tsx";
import type { TranscriptLines } from "./use-transcript-lines.ts";

interface FeedRowProps {
  readonly item: VirtualItem;
  readonly measure: (element: HTMLElement | null) => void;
  readonly line: TranscriptLine | undefined;
  readonly continued: boolean;
  readonly failed: boolean;
  readonly lineCount: number;
  readonly all: TranscriptLines;
}

export function FeedRow({ item, measure, line, continued, failed, lineCount, all }: FeedRowProps): VNode {
  const row = useMemo(
    () =>
      line && (
        <RowScope.Provider value={{ index: line.index, store: all.opened }}>
          <Row
            line={line}
            parsed={all.lines.parsed(line)}
            continued={continued}
            lines={all.lines}
            lineCount={lineCount}
            readWhole={() => all.readWhole(line.index)}
            loadWhole={() => all.loadWhole(line.index)}
          />
        </RowScope.Provider>
      ),
    [line, continued, lineCount, all],
  );
  const place = { transform: `translateY(${item.start}px)` };
  // A placeholder keeps its estimated height and isn't measured; the line will be.
  if (row === undefined) {
    return (
      <div key="skeleton" class="feed-row" style={{ ...place, height: `${item.size}px` }}>
        <Skeleton index={item.index} waiting={!failed} />
      </div>
    );
  }
  return (
    <div key="line" class="feed-row" role="presentation" data-index={item.index} ref={measure} style={place}>
      {row}
    </div>
  );
}
