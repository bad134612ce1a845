/** The right pane for an address that shows nothing. */
import { FileQuestion } from "lucide";
import type { VNode } from "preact";
import { hashOf } from "../client/route.ts";
import { EmptyState } from "../ui/empty-state.tsx";

export function NotHere({ title, hint }: { readonly title: string; readonly hint: string }): VNode {
  return (
    <EmptyState icon={FileQuestion} title={title}>
      <p class="hint">{hint}</p>
      <a class="button button-plain" href={hashOf({ page: "home" })}>
        Back to the sessions
      </a>
    </EmptyState>
  );
}
