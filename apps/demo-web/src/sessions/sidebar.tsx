/** The left pane: ways to add sessions, the list, and the size of all. */
import { Archive, Moon, Search, Sun, Wind } from "lucide";
import type { VNode } from "preact";
import { clearView, visibleRows } from "../client/list-view.ts";
import { route } from "../client/route.ts";
import { allRows, loading, loadSessions } from "../client/sessions.ts";
import { openSweep, phase } from "../client/sweep-job.ts";
import { isDark, toggleTheme } from "../client/theme.ts";
import { AddMenu } from "../import/add-menu.tsx";
import { JobCard } from "../import/job-card.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { isNarrow } from "../ui/is-narrow.ts";
import { ListTools } from "./list-tools.tsx";
import { SessionList } from "./session-list.tsx";
import { ListSkeleton } from "./skeletons.tsx";
import { StorageLink } from "./storage-link.tsx";
import { Welcome } from "./welcome.tsx";

export function Sidebar(): VNode {
  const isAlone = isNarrow.value && route.value.page === "home";
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both landmarks take a name
    <div class="sidebar" role={isAlone ? "main" : "complementary"} aria-label="Sessions">
      <div class="sidebar-header">
        <a class="brand" href="#/">
          <span class="brand-mark">
            <Icon icon={Archive} size={18} />
          </span>
          <h1>Session archiver</h1>
        </a>
        <IconButton
          icon={isDark.value ? Sun : Moon}
          label={isDark.value ? "Use the light theme" : "Use the dark theme"}
          onClick={toggleTheme}
        />
      </div>
      <div class="sidebar-actions">
        <AddMenu />
        <Button icon={Wind} onClick={openSweep} disabled={allRows.value.length === 0}>
          {phase.value.status === "running" ? "Sweeping…" : "Sweep…"}
        </Button>
      </div>
      {allRows.value.length > 0 && <ListTools />}
      <ListBody />
      <JobCard />
      <StorageLink />
    </div>
  );
}

function ListBody(): VNode {
  const state = loading.value;
  if (state.status === "failed") {
    return (
      <div class="sidebar-fill">
        <ErrorNote doing="The sessions could not be listed" error={state.error} onRetry={() => void loadSessions()} />
      </div>
    );
  }
  if (state.status === "loading") return <ListSkeleton />;
  if (allRows.value.length === 0) {
    return <div class="sidebar-fill">{isNarrow.value ? <Welcome /> : <p class="sidebar-none">No sessions yet</p>}</div>;
  }
  if (visibleRows.value.length === 0) {
    return (
      <div class="sidebar-fill">
        <EmptyState icon={Search} title="No session matches">
          <Button onClick={clearView}>Show all sessions</Button>
        </EmptyState>
      </div>
    );
  }
  return <SessionList />;
}
