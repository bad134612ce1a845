/** A session's state: by icon and word, never by colour alone. */
import { Archive, CircleDot, Copy, type IconNode, RotateCw, Scissors } from "lucide";
import type { VNode } from "preact";
import type { SessionRow } from "../worker/api.ts";
import { Icon } from "./icon.tsx";

type State = SessionRow["state"];

const ICONS: Readonly<Record<State, IconNode>> = {
  live: CircleDot,
  archived: Archive,
  mirrored: Copy,
  resumed: RotateCw,
  pruned: Scissors,
};

export const STATE_WORDS: Readonly<Record<State, string>> = {
  live: "Live",
  archived: "Archived",
  mirrored: "Mirrored",
  resumed: "Resumed",
  pruned: "Pruned",
};

export const STATE_MEANING: Readonly<Record<State, string>> = {
  live: "All of it is in live storage",
  archived: "All of it is in the archive",
  mirrored: "All of it is in the archive, and in its agent's own files",
  resumed: "Archived, and written to since",
  pruned: "Pruned: only a note of it is left, or will be soon",
};

export function StateMark({ state }: { readonly state: State }): VNode {
  return (
    <span class={`state state-${state}`} title={STATE_MEANING[state]}>
      <Icon icon={ICONS[state]} size={13} />
      {STATE_WORDS[state]}
    </span>
  );
}
