/** Placeholder shapes while something loads. */
import type { VNode } from "preact";

const TITLE_WIDTHS = [72, 54, 83, 61, 46, 77, 66, 58];

export function ListSkeleton(): VNode {
  return (
    <div class="sidebar-fill" role="status" aria-label="Loading sessions">
      {TITLE_WIDTHS.map((width) => (
        <div key={width} class="skeleton-row">
          <span class="skeleton" style={{ width: `${width}%` }} />
          <span class="skeleton skeleton-small" style={{ width: "38%" }} />
        </div>
      ))}
    </div>
  );
}

export function PageSkeleton(): VNode {
  return (
    <div class="page-skeleton" role="status" aria-label="Loading">
      <span class="skeleton skeleton-title" style={{ width: "46%" }} />
      <span class="skeleton skeleton-small" style={{ width: "30%" }} />
      {TITLE_WIDTHS.map((width) => (
        <span key={width} class="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
