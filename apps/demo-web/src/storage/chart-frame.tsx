/** The frame of every chart: heading, legend, and the same figures as a table. */
import type { ComponentChildren, VNode } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface ChartFrameProps {
  readonly title: string;
  readonly note: string;
  /** Draws the chart `width` pixels wide. The ids name the title and the description of the SVG. */
  readonly draw: (width: number, labelId: string) => VNode;
  readonly table: VNode;
  readonly children?: ComponentChildren;
}

export function ChartFrame({ title, note, draw, table }: ChartFrameProps): VNode {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <figure class="card chart" aria-labelledby={`${id}-heading`}>
      <figcaption>
        <h3 id={`${id}-heading`}>{title}</h3>
        <p class="hint">{note}</p>
        <p class="legend" aria-hidden="true">
          <span class="key key-live">Live</span>
          <span class="key key-archive">Archived</span>
          <span class="key key-saved">Saved</span>
        </p>
      </figcaption>
      <div ref={box} class="chart-box">
        {width > 0 && draw(width, id)}
      </div>
      <details class="chart-table">
        <summary>Show as a table</summary>
        <div class="table-scroll">{table}</div>
      </details>
    </figure>
  );
}

/** The hatch that saved bytes are drawn with, since they take up no room. */
export function SavedPattern({ id }: { readonly id: string }): VNode {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch-ground" width="6" height="6" />
      <rect class="hatch-line" width="2" height="6" />
    </pattern>
  );
}
