import type { VNode } from "preact";

export function Spinner(): VNode {
  return <span class="spinner" aria-hidden="true" />;
}
