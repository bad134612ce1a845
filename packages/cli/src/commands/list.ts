import type { SessionInfo } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import type { ListedSession } from "../documents.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { formatTime, undoText } from "../output/times.js";
import { allSessions, failureLine } from "../sessions.js";

export const addList: AddCommand = (program, action) => {
  program.command("list").description("show all sessions, last active first").action(action(list, "read"));
};

async function list(context: CommandContext): Promise<boolean> {
  const { infos, failures } = await allSessions(context);
  for (const failure of failures) context.output.note(failureLine(failure));
  const text = () => (infos.length > 0 ? tableOf(infos) : "No sessions yet: import some.");
  await context.output.result(infos.map(listed), text);
  return failures.length === 0;
}

function listed(info: SessionInfo): ListedSession {
  const { id, state, lineCount, rawBytes, liveBytes, archiveBytes, totalBytes } = info;
  const { lastActivityMs, archivedAt, archiveKey, pinned, undoableUntil } = info;
  return {
    ...{ id, state, lineCount, rawBytes, liveBytes, archiveBytes, totalBytes },
    ...{ lastActivityMs, archivedAt, archiveKey, pinned, undoableUntil },
  };
}

function tableOf(infos: readonly SessionInfo[]): Promise<string> {
  const columns = [
    { title: "STATE" },
    { title: "LINES", alignment: "right" },
    { title: "RAW", alignment: "right" },
    { title: "TOTAL", alignment: "right" },
    { title: "LAST ACTIVITY" },
    { title: "ARCHIVED" },
    { title: "ID" },
  ] as const;
  const rows = infos.map((info) => [
    stateText(info),
    String(info.lineCount),
    formatSize(info.rawBytes),
    formatSize(info.totalBytes),
    formatTime(info.lastActivityMs),
    formatTime(info.archivedAt),
    info.id,
  ]);
  return formatTable(columns, rows);
}

/** Of a pruned session whose bytes are there still, until when. */
function stateText({ state, pinned, archivedAt, undoableUntil }: SessionInfo): string {
  const undo = state === "pruned" && archivedAt !== null ? [undoText(undoableUntil)] : [];
  return [state, ...(pinned ? ["pinned"] : []), ...undo].join(", ");
}
