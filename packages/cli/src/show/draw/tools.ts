/** Draws calls of tools with their results: on one line, or unfolded. */
import type { CallBlock, Detail, DiffBlock, ResultBlock } from "@session-archiver/transcripts";
import { count } from "../../output/text.js";
import type { JoinedResult } from "../join-results.js";
import { detailLines, diffText } from "./details.js";
import { type Depth, oneLine, type View } from "./view.js";

const INDENT = "  ";
/** With less room, what a tool was called on is left out. */
const FEWEST = 8;
export function callLines(
  call: CallBlock,
  joined: JoinedResult | undefined,
  line: number,
  depth: Depth,
  view: View,
): readonly string[] {
  const { style, columns, measure } = view;
  const third = Math.floor(columns / 3);
  const name = oneLine(call.name, third, view);
  const note = oneLine(noteOf(call, joined?.result), third, view);
  const behind = [note, `#${line}`].filter(Boolean).join(INDENT);
  // The mark and its space; a colon and a space; the gap.
  const room = columns - measure(name) - measure(behind) - 6;
  const summary = room < FEWEST ? "" : oneLine(call.summary, room, view);
  const failed = joined?.result.failed === true;
  const head = [
    `${style(failed ? "red" : "green", "⏺")} ${style("bold", name)}${summary === "" ? "" : `: ${summary}`}`,
    ...(note === "" ? [] : [style(failed ? "red" : "dim", note)]),
    style("dim", `#${line}`),
  ].join(INDENT);
  // What the line above says in full isn't repeated.
  const isSaid = summary === call.summary;
  return [
    head,
    ...inputLines(call, joined?.result, depth, isSaid, view),
    ...(joined ? bodyLines(joined.result, depth, view) : []),
  ];
}

/** A result whose call is not shown, or came long before. */
export function resultLines(result: ResultBlock, line: number, depth: Depth, view: View): readonly string[] {
  const { style, columns } = view;
  const third = Math.floor(columns / 3);
  const note = oneLine(noteOf(undefined, result), third, view);
  const name = oneLine(result.name ?? "result", third, view);
  const head = [`${style("dim", "⎿")} ${name}`, ...(note === "" ? [] : [style(result.failed ? "red" : "dim", note)])];
  return [[...head, style("dim", `#${line}`)].join(INDENT), ...bodyLines(result, depth, view)];
}

/** `exit code 1, 43 lines`. */
export function noteOf(call: CallBlock | undefined, result: ResultBlock | undefined): string {
  const diffs = diffsIn(result?.body).length > 0 ? diffsIn(result?.body) : diffsIn(call?.body);
  const changed = diffs.length > 0 ? diffText(diffs) : "";
  const said = result?.note || (result?.failed ? failureOf(result) : "");
  const printed = diffs.length > 0 ? 0 : linesIn(result?.body ?? []);
  return [said, said === changed ? "" : changed, printed > 0 ? count(printed, "line") : ""].filter(Boolean).join(", ");
}

/** Claude Code writes it into the text. */
const EXIT_CODE = /^Exit code (-?\d+)(?:\n|$)/;

function failureOf({ body }: ResultBlock): string {
  const code = EXIT_CODE.exec(textIn(body))?.[1];
  return code === undefined ? "failed" : `exit code ${code}`;
}

function textIn(body: readonly Detail[]): string {
  const first = body.find((detail) => "text" in detail && detail.text.trim() !== "");
  return first && "text" in first ? first.text : "";
}

function inputLines(
  call: CallBlock,
  result: ResultBlock | undefined,
  depth: Depth,
  isSaid: boolean,
  view: View,
): readonly string[] {
  // The result of an edit repeats the edit.
  const isRepeated = diffsIn(result?.body).length > 0;
  const shown = call.body.filter((detail) => {
    // What has to be done is said nowhere else.
    if (depth === "folded") return detail.type === "todos";
    if (detail.type === "diff") return !isRepeated;
    return !(isSaid && detail.type === "code" && detail.text.trim() === call.summary);
  });
  return indented(shown, depth, view);
}

function bodyLines({ body, failed }: ResultBlock, depth: Depth, view: View): readonly string[] {
  if (depth !== "folded") return body.length === 0 ? [] : marked(indented(body, depth, view), view);
  if (failed) {
    const words = oneLine(textIn(body).replace(EXIT_CODE, ""), view.columns - 4, view);
    return words === "" ? [] : marked([INDENT + view.style("red", words)], view);
  }
  return marked(
    indented(
      body.filter(({ type }) => type === "image"),
      depth,
      view,
    ),
    view,
  );
}

/** With a mark where results begin. */
function marked(lines: readonly string[], { style }: View): readonly string[] {
  return lines.map((line, i) => `${INDENT}${i === 0 ? style("dim", "⎿") : " "} ${line.slice(INDENT.length)}`);
}

function indented(body: readonly Detail[], depth: Depth, view: View): readonly string[] {
  return body.flatMap((detail) =>
    detailLines(detail, view.columns - 4, depth, view).map((line) => (line === "" ? INDENT : INDENT + line)),
  );
}

function diffsIn(body: readonly Detail[] = []): readonly DiffBlock[] {
  return body.filter((detail) => detail.type === "diff");
}

function linesIn(body: readonly Detail[]): number {
  return body.reduce((sum, detail) => {
    if (!("text" in detail) || detail.text.trim() === "") return sum;
    return sum + detail.text.trimEnd().split("\n").length;
  }, 0);
}
