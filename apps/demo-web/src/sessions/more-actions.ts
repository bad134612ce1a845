/** The actions that are rarely used or can't be undone. */
import { Scissors, ShieldCheck, Trash2 } from "lucide";
import { prune, remove, verify } from "../client/operations.ts";
import { busy } from "../client/running.ts";
import type { MenuItem } from "../ui/menu.tsx";
import type { SessionRow } from "../worker/api.ts";

export function moreActions(row: SessionRow): readonly MenuItem[] {
  const isOccupied = busy.value.has(row.id);
  const verifyItem = {
    label: "Verify every byte",
    icon: ShieldCheck,
    onSelect: () => void verify(row),
    disabled: isOccupied,
  };
  const pruneItem = {
    label: row.pinned ? "Prune… (unpin first)" : "Prune…",
    icon: Scissors,
    onSelect: () => void prune(row),
    disabled: isOccupied || row.pinned,
    danger: true,
  };
  const deleteItem = {
    label: "Delete for good…",
    icon: Trash2,
    onSelect: () => void remove(row),
    disabled: isOccupied,
    danger: true,
  };
  return row.state === "archived" ? [verifyItem, pruneItem, deleteItem] : [verifyItem, deleteItem];
}
