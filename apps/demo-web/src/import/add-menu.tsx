/** All ways to get sessions into the list. */
import { signal } from "@preact/signals";
import { FileUp, FolderUp, MessageSquarePlus, Plus, Sparkles } from "lucide";
import type { VNode } from "preact";
import { connection } from "../client/connection.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { pickFiles, pickFolder } from "./pick.ts";

export const addDialog = signal<"samples" | "session" | undefined>(undefined);

export function AddMenu(): VNode {
  return (
    <Menu
      label="Add sessions"
      align="start"
      buttonClass="button button-primary"
      disabled={connection.value.status !== "ready"}
      items={[
        { label: "Import files…", icon: FileUp, onSelect: pickFiles },
        { label: "Import a folder…", icon: FolderUp, onSelect: pickFolder },
        {
          label: "Make sample sessions…",
          icon: Sparkles,
          onSelect: () => {
            addDialog.value = "samples";
          },
        },
        {
          label: "New agent session…",
          icon: MessageSquarePlus,
          onSelect: () => {
            addDialog.value = "session";
          },
        },
      ]}
    >
      <Icon icon={Plus} />
      <span class="button-label">Add</span>
    </Menu>
  );
}
