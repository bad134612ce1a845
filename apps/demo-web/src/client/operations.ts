/** What can be done to a session, and with it to its subagents' sessions. */
import { counted, dateTime } from "../ui/format.ts";
import type { SessionRow } from "../worker/api.ts";
import { ask } from "./confirm.ts";
import { api } from "./connection.ts";
import { download } from "./download.ts";
import { subagentsOf } from "./families.ts";
import { endOfGrace } from "./grace.ts";
import { notify } from "./notices.ts";
import { go, route } from "./route.ts";
import { failed, type Operation, run } from "./running.ts";
import { allRows, callers } from "./sessions.ts";

export const archive = (row: SessionRow): Promise<boolean> =>
  together(row, "archive", ({ id }) => api().archive(id), {
    goes: ({ state, lineCount }) => (state === "live" || state === "resumed") && lineCount > 0,
  });
export const restore = (row: SessionRow): Promise<boolean> =>
  together(row, "restore", ({ id }) => api().restore(id), {
    goes: ({ state }) => state === "archived" || state === "resumed",
  });
export const undoPrune = (row: SessionRow): Promise<boolean> =>
  together(row, "undo", ({ id }) => api().undoPrune(id), { goes: ({ canUndo }) => canUndo });
export const setPinned = (row: SessionRow, pinned: boolean): Promise<boolean> =>
  together(row, "pin", ({ id }) => api().pin(id, pinned), { goes: (each) => each.pinned !== pinned });
export const setAgent = (row: SessionRow, on: boolean): Promise<boolean> =>
  run(row, "agent", () => (on ? api().startAgent(row.id) : api().stopAgent(row.id)));

export const verify = (row: SessionRow): Promise<boolean> =>
  run(row, "verify", async () => {
    await api().verify(row.id);
    notify("Verified: every byte is there and matches its checksum.");
  });

export const exportGzip = (row: SessionRow): Promise<boolean> =>
  run(row, "export", async () => {
    const { name, blob } = await api().exportGzip(row.id);
    download(name, blob);
    notify(`Exported as ${name}.`);
  });

export async function prune(row: SessionRow): Promise<void> {
  const goes = ({ state, pinned }: SessionRow): boolean => state === "archived" && !pinned;
  const until = dateTime(endOfGrace(Date.now()));
  const yes = await ask({
    title: "Prune this session?",
    text: `A note of what ${namesOf(row, goes)} held stays in the list. You can undo this until ${until}; the first sweep after that deletes the bytes.`,
    confirmLabel: "Prune",
    danger: true,
  });
  if (yes) await together(row, "prune", ({ id }) => api().prune(id), { goes });
}

export async function remove(row: SessionRow): Promise<void> {
  const names = namesOf(row, () => true);
  const yes = await ask({
    title: "Delete this session for good?",
    text: `${names} and all bytes, live and archived, are deleted from this browser. This can't be undone: export first what you may need.`,
    confirmLabel: "Delete for good",
    danger: true,
  });
  if (!yes) return;
  const deleted = await together(row, "delete", async ({ id }) => {
    await api().remove(id);
    if (route.value.page === "session" && route.value.id === id) go({ page: "home" });
  });
  if (deleted) notify(`Deleted ${names}.`);
}

/** “Mend the parser” and its 2 subagents */
function namesOf(row: SessionRow, goes: (row: SessionRow) => boolean): string {
  const count = subagents(row).filter(goes).length;
  return `“${row.title}”${count > 0 ? ` and its ${counted(count, "subagent")}` : ""}`;
}

const subagents = (row: SessionRow): readonly SessionRow[] => subagentsOf(row.id, allRows.value, callers.value);

/**
 * Runs an operation on the session and then, if that went well, on those of its subagents that it `goes` for. A subagent's
 * failure stays with its session and doesn't stop the others; a cancel does. Whether all went well.
 */
async function together(
  row: SessionRow,
  operation: Operation,
  work: (row: SessionRow) => Promise<void>,
  { goes = () => true }: { readonly goes?: (row: SessionRow) => boolean } = {},
): Promise<boolean> {
  const others = subagents(row).filter(goes);
  const retry = (): void => void together(row, operation, work, { goes });
  if (!(await run(row, operation, () => work(row), retry))) return false;
  let wentWell = true;
  for (const other of others) {
    const isDone = await run(other, operation, () => work(other));
    wentWell &&= isDone;
    if (!isDone && !failed.value.has(other.id)) return false;
  }
  return wentWell;
}
