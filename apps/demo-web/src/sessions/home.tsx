/** The right pane while no session is open. */
import { MessagesSquare } from "lucide";
import type { VNode } from "preact";
import { allRows, loading } from "../client/sessions.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { counted } from "../ui/format.ts";
import { Welcome } from "./welcome.tsx";

export function Home(): VNode | null {
  if (loading.value.status !== "ready") return null;
  if (allRows.value.length === 0) return <Welcome />;
  return (
    <EmptyState icon={MessagesSquare} title="Open a session to read it">
      <p class="hint">
        {counted(allRows.value.length, "session")} here. Archived ones open just as fast, and stay archived.
      </p>
      <dl class="shortcuts">
        <dt>
          <kbd class="kbd">/</kbd>
        </dt>
        <dd>Search</dd>
        <dt>
          <kbd class="kbd">↑</kbd> <kbd class="kbd">↓</kbd>
        </dt>
        <dd>Move in the list</dd>
        <dt>
          <kbd class="kbd">Enter</kbd>
        </dt>
        <dd>Open</dd>
      </dl>
    </EmptyState>
  );
}
