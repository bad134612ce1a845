/** The storage page: quota, totals, the largest sessions, growth over time, and the compression of each session. */
import { ArrowLeft, ChartNoAxesColumn } from "lucide";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { go } from "../client/route.ts";
import { allRows, loading } from "../client/sessions.ts";
import { loadStorage, totals } from "../client/storage.ts";
import { PageSkeleton } from "../sessions/skeletons.tsx";
import { IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { bytes } from "../ui/format.ts";
import { isNarrow } from "../ui/is-narrow.ts";
import { CompressionTable } from "./compression-table.tsx";
import { LargestChart } from "./largest-chart.tsx";
import { QuotaCard } from "./quota-card.tsx";
import { TimeChart } from "./time-chart.tsx";

export function StoragePage(): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const rows = allRows.value;
  useEffect(() => {
    if (isNarrow.peek()) heading.current?.focus();
  }, []);
  useEffect(() => void loadStorage(), [rows]);
  return (
    <article class="storage" aria-label="Storage">
      <header class="storage-header">
        <span class="only-narrow">
          <IconButton icon={ArrowLeft} label="Back to the sessions" onClick={() => go({ page: "home" })} />
        </span>
        <h2 ref={heading} tabIndex={-1} class="storage-title">
          Storage
        </h2>
      </header>
      <QuotaCard />
      {loading.value.status === "loading" && <PageSkeleton />}
      {loading.value.status === "ready" && rows.length === 0 && (
        <EmptyState icon={ChartNoAxesColumn} title="No sessions yet">
          <p class="hint">Once there are sessions, this shows what they take up and what archiving saves.</p>
        </EmptyState>
      )}
      {rows.length > 0 && (
        <>
          <Tiles />
          <LargestChart rows={rows} />
          <TimeChart rows={rows} />
          <CompressionTable rows={rows} />
        </>
      )}
    </article>
  );
}

function Tiles(): VNode {
  const { live, archive, saved } = totals.value;
  const whole = live + archive + saved;
  return (
    <dl class="tiles tabular">
      <div class="tile">
        <dt class="key key-live">Live</dt>
        <dd>{bytes(live)}</dd>
        <dd class="tile-note">written to and read directly</dd>
      </div>
      <div class="tile">
        <dt class="key key-archive">Archived</dt>
        <dd>{bytes(archive)}</dd>
        <dd class="tile-note">compressed, verified, still readable</dd>
      </div>
      <div class="tile">
        <dt class="key key-saved">Saved</dt>
        <dd>{bytes(saved)}</dd>
        <dd class="tile-note">{whole > 0 ? `${Math.round((saved / whole) * 100)} % of all they hold` : ""}</dd>
      </div>
    </dl>
  );
}
