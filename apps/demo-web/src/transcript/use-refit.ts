/**
 * When all row heights change at once, forgets the measured heights and keeps the reader at the same line. A reader at the
 * end also stays there when only the height of the list changes.
 */
import type { Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { isAtEnd } from "../ui/use-virtual.ts";

type List = Virtualizer<HTMLElement, HTMLElement>;

interface Place {
  /** Index of the first line in view. */
  readonly first: number;
  readonly atEnd: boolean;
}

function refit(list: List, { first, atEnd }: Place): void {
  list.measure();
  // Lays out without measured sizes, so that `resizeItem` below sees a change.
  list.getTotalSize();
  // Rows in the document report only changes of their height, so measure those that stayed the same.
  for (const row of list.elementsCache.values()) list.resizeItem(list.indexFromElement(row), row.offsetHeight);
  if (atEnd) list.scrollToEnd();
  else list.scrollToIndex(first, { align: "start" });
}

/** Refits when `look` changes, and when the element changes its size. `place` is where the reader is now. */
export function useRefit(list: List, scrollRef: RefObject<HTMLElement>, look: unknown, place: Place): void {
  const fitted = useRef({ look, width: 0, height: 0, place });
  useLayoutEffect(() => {
    const { current } = fitted;
    if (current.look !== look) refit(list, current.place);
    // Until a new width is laid out, the place isn't reliable.
    else if (scrollRef.current?.clientWidth === current.width) current.place = place;
    current.look = look;
  });
  useEffect(() => {
    const element = scrollRef.current;
    if (!element) return;
    const { current } = fitted;
    current.width = element.clientWidth;
    current.height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const { width, height } = current;
      current.width = element.clientWidth;
      current.height = element.clientHeight;
      if (current.width !== width) refit(list, current.place);
      else if (current.height !== height && isAtEnd(list, height)) list.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, scrollRef]);
}
