/** The list of sessions: a listbox with a roving tab stop. Only the rows in view are in the document. */
import { defaultRangeExtractor, type Range } from "@tanstack/virtual-core";
import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { filter, placedRows, search, sort, visibleRows } from "../client/list-view.ts";
import { go, route } from "../client/route.ts";
import { useVirtual } from "../ui/use-virtual.ts";
import type { SessionRow } from "../worker/api.ts";
import { SessionOption } from "./session-option.tsx";

const ROW_PX = 82;

export function SessionList(): VNode {
  const placed = placedRows.value;
  const rows = visibleRows.value;
  const scroller = useRef<HTMLDivElement>(null);
  const openId = route.value.page === "session" ? route.value.id : undefined;
  const [activeId, setActiveId] = useState(openId);
  const wantsFocus = useRef(false);
  const wasOpen = useRef(false);
  const activeIndex = Math.max(0, indexOf(rows, activeId ?? openId));

  const { items, totalSize, virtualizer } = useVirtual({
    count: rows.length,
    scrollRef: scroller,
    estimateSize: () => ROW_PX,
    overscan: 8,
    paddingStart: 4,
    paddingEnd: 8,
    scrollPaddingStart: 4,
    scrollPaddingEnd: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
    // The row with the tab stop stays in the document, however far it is scrolled away.
    rangeExtractor: (range) => withIndex(range, activeIndex),
  });

  // A session that is opened from elsewhere (back, a report, a new session) becomes the active row and is scrolled into view.
  useLayoutEffect(() => {
    if (openId !== undefined) {
      setActiveId(openId);
      const index = indexOf(visibleRows.peek(), openId);
      if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
    } else if (wasOpen.current && document.activeElement === document.body) {
      wantsFocus.current = true; // the page that was closed had it
    }
    wasOpen.current = openId !== undefined;
  }, [openId]);

  // So does the open one when others come back into the list around it.
  useLayoutEffect(() => {
    const index = indexOf(visibleRows.peek(), openId);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
  }, [search.value, filter.value, sort.value]);

  useLayoutEffect(() => {
    // A hidden list has no rows; if it was hidden until now, the next render has them.
    if (wantsFocus.current && focusTabStop(scroller.current)) wantsFocus.current = false;
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const to = target(event.key, activeIndex, rows.length, page);
    const row = to === undefined ? undefined : rows[to];
    if (to !== undefined && row) {
      event.preventDefault();
      setActiveId(row.id);
      wantsFocus.current = true;
      virtualizer.scrollToIndex(to, { align: "auto" });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const active = rows[activeIndex];
      if (active) go({ page: "session", id: active.id });
    }
  };

  return (
    <div class="session-list" ref={scroller}>
      <div
        role="listbox"
        aria-label="Sessions"
        class="session-list-inner"
        style={{ height: `${totalSize}px` }}
        onKeyDown={onKeyDown}
      >
        {items.map(({ index, start, size }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <SessionOption
              key={row.id}
              row={row}
              depth={placed[index]?.depth ?? 0}
              top={start}
              height={size}
              position={index + 1}
              count={rows.length}
              isOpen={row.id === openId}
              isTabStop={index === activeIndex}
              onOpen={() => {
                setActiveId(row.id);
                go({ page: "session", id: row.id });
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function focusTabStop(list: HTMLElement | null): boolean {
  const row = list?.querySelector<HTMLElement>('[role="option"][tabindex="0"]');
  row?.focus({ preventScroll: true });
  return row !== undefined && row !== null;
}

function indexOf(rows: readonly SessionRow[], id: string | undefined): number {
  return id === undefined ? -1 : rows.findIndex((row) => row.id === id);
}

function target(key: string, from: number, count: number, page: number): number | undefined {
  const last = count - 1;
  const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: last, PageDown: from + page, PageUp: from - page }[
    key
  ];
  return to === undefined ? undefined : Math.min(last, Math.max(0, to));
}

function withIndex(range: Range, index: number): number[] {
  const indexes = defaultRangeExtractor(range);
  if (index >= range.count || indexes.includes(index)) return indexes;
  return [...indexes, index].sort((a, b) => a - b);
}
