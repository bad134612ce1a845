/** The placeholder for a line that is being read. */
import type { VNode } from "preact";

/** Widths that look like text; one line always gets the same widths. */
const WIDTHS = ["72%", "48%", "84%", "60%", "36%", "78%"] as const;

export function Skeleton({ index, waiting }: { readonly index: number; readonly waiting: boolean }): VNode {
  return (
    <div class={waiting ? "line-skeleton" : "line-skeleton line-skeleton-still"} aria-hidden="true">
      <span style={{ width: WIDTHS[index % WIDTHS.length] ?? "60%" }} />
    </div>
  );
}
