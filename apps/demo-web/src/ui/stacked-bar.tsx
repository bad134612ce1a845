/** Live, archived and saved bytes as one bar. Decoration: the figures must stand beside it. */
import type { VNode } from "preact";
import type { Totals } from "../client/storage.ts";

export function StackedBar({ live, archive, saved }: Totals): VNode {
  const total = live + archive + saved;
  const share = (part: number): string => `${total === 0 ? 0 : (part / total) * 100}%`;
  return (
    <div class="stacked" aria-hidden="true">
      {live > 0 && <span class="stacked-live" style={{ width: share(live) }} />}
      {archive > 0 && <span class="stacked-archive" style={{ width: share(archive) }} />}
      {saved > 0 && <span class="stacked-saved" style={{ width: share(saved) }} />}
    </div>
  );
}
