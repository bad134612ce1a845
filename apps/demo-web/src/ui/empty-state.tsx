/** What a pane shows while there is nothing to show. */
import type { IconNode } from "lucide";
import type { ComponentChildren, VNode } from "preact";
import { Icon } from "./icon.tsx";

interface EmptyStateProps {
  readonly icon: IconNode;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export function EmptyState({ icon, title, children }: EmptyStateProps): VNode {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon icon={icon} size={24} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
