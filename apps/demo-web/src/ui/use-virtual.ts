/** A virtual list: only the items in view, and some around them, are in the document. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;
type List = Virtualizer<HTMLElement, HTMLElement>;
type OwnOptions = "count" | "getScrollElement" | "scrollToFn" | "observeElementRect" | "observeElementOffset";

/** All other options of `Virtualizer` are accepted too: `anchorTo`, `getItemKey`, `gap`, `paddingEnd`… */
export interface VirtualOptions extends Partial<Omit<Options, OwnOptions | "followOnAppend">> {
  readonly count: number;
  /** Scrolls to the end when items are added there, if it was at the end before. */
  readonly followsEnd?: boolean;
  /** The element that scrolls; it needs a height of its own. */
  readonly scrollRef: { readonly current: HTMLElement | null };
  /** Pixels. If items are measured, an estimate near the average keeps the scroll bar steady. */
  readonly estimateSize: (index: number) => number;
}

/** Sizes and offsets in pixels. */
export interface VirtualList {
  /** The items to render now, each placed at `start`, in an element as tall as `totalSize` with `position: relative`. */
  readonly items: readonly VirtualItem[];
  readonly totalSize: number;
  /**
   * For items whose height isn't known beforehand: give it as `ref` to the item's element, which also needs
   * `data-index={item.index}`. It is measured when it appears and whenever it changes its size.
   */
  readonly measure: (element: HTMLElement | null) => void;
  /** Whether the end is in view, or nearly; the list then stays at the end. */
  readonly atEnd: boolean;
  /** For everything else: `scrollToIndex`, `scrollToEnd`, `range`… The same object at every render. */
  readonly virtualizer: List;
}

/**
 * Whether the end of a list of `height` pixels is in view, or within `scrollEndThreshold`. It uses the computed layout.
 * The virtualizer's own `isAtEnd`, and so its `followOnAppend`, use the element's scroll height, where an item that has
 * grown or isn't measured yet puts the end out of reach until the next frame.
 */
export function isAtEnd(list: List, height: number = list.scrollRect?.height ?? 0): boolean {
  return list.getTotalSize() - height - (list.scrollOffset ?? 0) <= list.options.scrollEndThreshold;
}

export function useVirtual({ scrollRef, followsEnd = false, ...options }: VirtualOptions): VirtualList {
  const [, rerender] = useReducer((renders: number, _: undefined) => renders + 1, 0);
  const all: Options = {
    overscan: 6,
    ...options,
    getScrollElement: () => scrollRef.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    // Sizes that change while they are reported are an uncaught error of the page in Firefox and WebKit.
    useAnimationFrameWithResizeObserver: true,
    onChange(instance, sync) {
      rerender(undefined);
      options.onChange?.(instance, sync);
    },
  };
  const [virtualizer] = useState(() => new Virtualizer(all));
  const follows = followsEnd && options.count > virtualizer.options.count && isAtEnd(virtualizer);
  virtualizer.setOptions(all);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
    if (follows) virtualizer.scrollToEnd();
  });
  return {
    items: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    measure: virtualizer.measureElement,
    atEnd: follows || isAtEnd(virtualizer),
    virtualizer,
  };
}
