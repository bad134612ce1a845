/** Where all heights change at once, the ones that were measured are forgotten, and the reader is kept where they are. */
import type { Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

type List = Virtualizer<HTMLElement, HTMLElement>;

interface Place {
  /** Index of the first line in view. */
  readonly first: number;
  readonly atEnd: boolean;
}

function refit(list: List, { first, atEnd }: Place): void {
  list.measure();
  // Lays out anew without sizes, which those below are compared with.
  list.getTotalSize();
  // Rows in the document tell of a change of height only, and not that theirs is still the same.
  for (const row of list.elementsCache.values()) list.resizeItem(list.indexFromElement(row), row.offsetHeight);
  if (atEnd) list.scrollToEnd();
  else list.scrollToIndex(first, { align: "start" });
}

/** Refits when `look` changes, and when the element gets wider or narrower. `place` is where the reader is now. */
export function useRefit(list: List, scrollRef: RefObject<HTMLElement>, look: unknown, place: Place): void {
  const fitted = useRef({ look, width: 0, place });
  useLayoutEffect(() => {
    const { current } = fitted;
    if (current.look !== look) refit(list, current.place);
    // While a new width is drawn, places are those of no one.
    else if (scrollRef.current?.clientWidth === current.width) current.place = place;
    current.look = look;
  });
  useEffect(() => {
    const element = scrollRef.current;
    if (!element) return;
    fitted.current.width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === fitted.current.width) return;
      fitted.current.width = element.clientWidth;
      refit(list, fitted.current.place);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, scrollRef]);
}
