/** One icon of lucide, drawn in the colour of the text beside it. */
import type { IconNode } from "lucide";
import type { VNode } from "preact";
import { h } from "preact";

export interface IconProps {
  readonly icon: IconNode;
  /** Pixels. */
  readonly size?: number;
}

export function Icon({ icon, size = 16 }: IconProps): VNode {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {icon.map(([tag, attributes]) => h(tag, attributes as Record<string, unknown>))}
    </svg>
  );
}
