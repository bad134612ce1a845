/** Reads patches as agents write them: `apply_patch` text, and Claude Code's `structuredPatch`. */
import type { DiffBlock, DiffLine, Hunk } from "../entry.js";
import { asArray, asNumber, asObject, asString } from "../json.js";
import { lineDiff } from "./line-diff.js";

function diffLine(line: string): DiffLine | null {
  const sign = line[0];
  if (sign === "+" || sign === "-" || sign === " ") return { sign, text: line.slice(1) };
  return line === "" ? { sign: " ", text: "" } : null;
}

/** A diff of one hunk, from a whole old text and a whole new one. */
export const editDiff = (path: string, before: string, after: string): DiffBlock => ({
  type: "diff",
  path,
  change: before === "" ? "add" : "update",
  hunks: [{ oldStart: null, newStart: null, lines: lineDiff(before, after) }],
});

/** Hunks from lines that include `@@` headers. */
function hunksOf(lines: readonly string[]): readonly Hunk[] {
  const hunks: { oldStart: number | null; newStart: number | null; lines: DiffLine[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("@@")) {
      const at = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
      hunks.push({ oldStart: at ? Number(at[1]) : null, newStart: at ? Number(at[2]) : null, lines: [] });
      continue;
    }
    const parsed = diffLine(line);
    if (parsed === null) continue;
    if (hunks.length === 0) hunks.push({ oldStart: null, newStart: null, lines: [] });
    hunks.at(-1)?.lines.push(parsed);
  }
  return hunks;
}

const FILE_HEADER = /^\*\*\* (Add|Update|Delete) File: (.*)$/;

/** `null` if the text is not an `apply_patch` patch. */
export function applyPatchDiffs(text: string): readonly DiffBlock[] | null {
  if (!text.includes("*** Begin Patch")) return null;
  const diffs: DiffBlock[] = [];
  let file: { path: string; change: DiffBlock["change"]; lines: string[] } | null = null;
  const finish = (): void => {
    if (file) diffs.push({ type: "diff", path: file.path, change: file.change, hunks: hunksOf(file.lines) });
    file = null;
  };
  for (const line of text.split("\n")) {
    const header = FILE_HEADER.exec(line);
    if (header) {
      finish();
      const change = header[1] === "Add" ? "add" : header[1] === "Delete" ? "delete" : "update";
      file = { path: header[2] ?? "", change, lines: [] };
    } else if (line.startsWith("*** End Patch")) finish();
    else if (!line.startsWith("*** ")) file?.lines.push(line);
  }
  finish();
  return diffs;
}

/** `null` if the value is not a list of hunks, or is empty. */
export function structuredPatch(path: string, value: unknown): DiffBlock | null {
  const hunks = (asArray(value) ?? []).flatMap((item) => {
    const hunk = asObject(item);
    const lines = asArray(hunk?.["lines"])?.flatMap((line) => diffLine(asString(line) ?? "\\") ?? []);
    return hunk && lines ? [{ oldStart: asNumber(hunk["oldStart"]), newStart: asNumber(hunk["newStart"]), lines }] : [];
  });
  return hunks.length === 0 ? null : { type: "diff", path, change: "update", hunks };
}

/** How many lines were added and removed. */
export function diffStat(diffs: readonly DiffBlock[]): { readonly added: number; readonly removed: number } {
  let added = 0;
  let removed = 0;
  for (const { hunks } of diffs) {
    for (const { lines } of hunks) {
      for (const { sign } of lines) {
        if (sign === "+") added++;
        if (sign === "-") removed++;
      }
    }
  }
  return { added, removed };
}
