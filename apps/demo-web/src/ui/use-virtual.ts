/** A virtual list: of `count` items only those in view, and some around them, are in the document. */
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
type OwnOptions = "count" | "getScrollElement" | "scrollToFn" | "observeElementRect" | "observeElementOffset";

/** Everything else that `Virtualizer` takes may be given too: `anchorTo`, `getItemKey`, `gap`, `paddingEnd`… */
export interface VirtualOptions extends Partial<Omit<Options, OwnOptions>> {
  readonly count: number;
  /** The element that scrolls; it needs a height of its own. */
  readonly scrollRef: { readonly current: HTMLElement | null };
  /** Pixels. Where items are measured, a guess near the average keeps the scroll bar calm. */
  readonly estimateSize: (index: number) => number;
}

/** Sizes and offsets in pixels. */
export interface VirtualList {
  /** What to render now, each placed at `start`, in an element as tall as `totalSize` with `position: relative`. */
  readonly items: readonly VirtualItem[];
  readonly totalSize: number;
  /**
   * For items whose height isn't known beforehand: give it as `ref` to the item's element, which also needs
   * `data-index={item.index}`. It is measured when it appears and whenever it changes its size.
   */
  readonly measure: (element: HTMLElement | null) => void;
  /** For what is not above: `scrollToIndex`, `scrollToEnd`, `isAtEnd`, `range`… The same object at every render. */
  readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
}

export function useVirtual({ scrollRef, ...options }: VirtualOptions): VirtualList {
  const [, rerender] = useReducer((renders: number, _: undefined) => renders + 1, 0);
  const all: Options = {
    overscan: 6,
    ...options,
    getScrollElement: () => scrollRef.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange(instance, sync) {
      rerender(undefined);
      options.onChange?.(instance, sync);
    },
  };
  const [virtualizer] = useState(() => new Virtualizer(all));
  virtualizer.setOptions(all);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    items: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    measure: virtualizer.measureElement,
    virtualizer,
  };
}
