/** Passing notices in a corner, read out politely. */
import { X } from "lucide";
import type { VNode } from "preact";
import { dismissNotice, notices } from "../client/notices.ts";
import { IconButton } from "./button.tsx";

export function Toaster(): VNode {
  return (
    <div class="toaster" role="status" aria-live="polite">
      {notices.value.map(({ key, text }) => (
        <div key={key} class="toast">
          <span>{text}</span>
          <IconButton icon={X} label="Dismiss notice" onClick={() => dismissNotice(key)} />
        </div>
      ))}
    </div>
  );
}
