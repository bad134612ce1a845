/** Draws the parts of calls and results. */
import {
  type Detail,
  type DiffBlock,
  diffStat,
  type ImageBlock,
  printJson,
  type TodosBlock,
} from "@session-archiver/transcripts";
import { formatSize } from "../../output/sizes.js";
import { type Depth, FEW_LINES, linesOf, moreLines, oneLine, type View } from "./view.js";

export function detailLines(detail: Detail, columns: number, depth: Depth, view: View): readonly string[] {
  const { style } = view;
  switch (detail.type) {
    case "text":
    case "code":
      return linesOf(detail.text, columns, depth, view);
    case "output": {
      const lines = linesOf(detail.text, columns, depth, view);
      return detail.stream === "output" ? lines : lines.map((line) => style("red", line));
    }
    case "json":
      return linesOf(printJson(detail.value), columns, depth, view);
    case "diff":
      return diffLines(detail, columns, depth, view);
    case "image":
      return [style("magenta", imageText(detail))];
    case "todos":
      return todoLines(detail, columns, depth, view);
  }
}

/** `[image 12 kB png]`. */
export function imageText({ mediaType, data }: ImageBlock): string {
  const size = data === null ? "not in the transcript" : formatSize(Math.floor((data.length * 3) / 4));
  return `[image ${[size, mediaType?.replace("image/", "")].filter(Boolean).join(" ")}]`;
}

/** `+3 −1`. */
export function diffText(diffs: readonly DiffBlock[]): string {
  const { added, removed } = diffStat(diffs);
  return `+${added} −${removed}`;
}

const SIGNS = { "+": "green", "-": "red", " ": undefined } as const;
const CHANGES = { add: "new", delete: "deleted", update: undefined } as const;

function diffLines(diff: DiffBlock, columns: number, depth: Depth, view: View): readonly string[] {
  const { style } = view;
  const what = [CHANGES[diff.change], diffText([diff])].filter(Boolean).join(", ");
  const head = `${style("bold", oneLine(diff.path, columns - what.length - 2, view))}  ${style("dim", what)}`;
  const lines = diff.hunks.flatMap(({ oldStart, newStart, lines: hunk }) => [
    ...(oldStart === null || newStart === null ? [] : [{ sign: "@", text: `@ -${oldStart} +${newStart} @@` } as const]),
    ...hunk,
  ]);
  const shown = depth === "full" ? lines : lines.slice(0, FEW_LINES);
  const drawn = shown.flatMap(({ sign, text }) => {
    const look = sign === "@" ? "cyan" : SIGNS[sign];
    const [line = ""] = linesOf(`${sign}${text}`, columns, depth, view);
    return look ? style(look, line) : line;
  });
  return [head, ...drawn, ...moreLines(lines.length - shown.length, style)];
}

const MARKS = { pending: "☐", active: "▶", done: "☑" } as const;

function todoLines({ items }: TodosBlock, columns: number, depth: Depth, view: View): readonly string[] {
  const shown = depth === "full" ? items : items.slice(0, FEW_LINES);
  const lines = shown.map(({ text, status }) => {
    const line = `${MARKS[status]} ${oneLine(text, columns - 2, view)}`;
    return status === "done" ? view.style("dim", line) : status === "active" ? view.style("bold", line) : line;
  });
  return [...lines, ...moreLines(items.length - shown.length, view.style)];
}
