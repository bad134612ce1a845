/** Draws the parts of an entry: what was said, and quietly, what was done. */
import type { Block, EventBlock } from "@session-archiver/transcripts";
import { formatSize } from "../../output/sizes.js";
import { count } from "../../output/text.js";
import type { JoinedEntry } from "../join-results.js";
import { detailLines, imageText } from "./details.js";
import { proseLines } from "./prose.js";
import { callLines, resultLines } from "./tools.js";
import { type Depth, linesOf, oneLine, type View } from "./view.js";

export interface Part {
  /** Whether it needs no heading. */
  readonly quiet: boolean;
  readonly lines: readonly string[];
}

/** Before each line that was said: no text can look like a heading, or like a tool's line. */
const INDENT = "  ";

export function partsOf(given: JoinedEntry, depth: Depth, thinks: boolean, view: View): readonly Part[] {
  const parts = given.entry.blocks.flatMap((block) => partOf(block, given, depth, thinks, view));
  return given.flaw === null ? parts : [flawPart(given, view), ...parts];
}

function partOf(block: Block, given: JoinedEntry, depth: Depth, thinks: boolean, whole: View): readonly Part[] {
  const { style } = whole;
  const { role } = given.entry;
  const columns = whole.columns - INDENT.length;
  const view = { ...whole, columns };
  const said = (lines: readonly string[]): readonly Part[] =>
    lines.length > 0 ? [{ quiet: false, lines: lines.map((line) => (line === "" ? "" : `${INDENT}${line}`)) }] : [];
  const quiet = (lines: readonly string[]): readonly Part[] => [{ quiet: true, lines }];
  switch (block.type) {
    case "text":
      if (block.text.trim() === "") return [];
      // What programs say in the system's name is long, and the same in each session.
      return role === "system" && depth !== "full"
        ? quiet([folded(given.entry.label ?? "System", block.text, whole)])
        : said(proseLines(block.text, view));
    case "thinking":
      return thinks && block.text.trim() !== ""
        ? said(proseLines(block.text, view).map((line) => style(["dim", "italic"], line)))
        : [];
    case "context":
      return depth === "full"
        ? said([style("dim", `<${oneLine(block.name, 40, view)}>`), ...linesOf(block.text, columns, depth, view)])
        : quiet([folded(block.name, block.text, whole)]);
    case "call":
      return quiet(callLines(block, given.results.get(block), given.line, depth, whole));
    case "result":
      return quiet(resultLines(block, given.line, depth, whole));
    case "event":
      return depth === "full" || isTelling(block) ? quiet([eventLine(block, given.line, whole)]) : [];
    case "image":
      return said([style("magenta", imageText(block))]);
    case "raw":
      return said(linesOf(block.text, columns, depth, view));
    default:
      return said(detailLines(block, columns, depth, view));
  }
}

/** Text that is there, on one line. */
function folded(name: string, text: string, view: View): string {
  const label = oneLine(name, 40, view);
  const lines = count(text.trim().split("\n").length, "line");
  const room = view.columns - view.measure(label) - lines.length - 7;
  const words = room >= 10 ? ` ${oneLine(text, room, view)}` : "";
  return view.style("dim", `▸ ${label}:${words}  ${lines}`);
}

/** Events that change how the rest is to be understood. */
const TELLING = /^(Conversation compacted|Summary|Command|Turn stopped|Error|API error)$/;

/** Tags around the output of a command. */
const TAGS = /<\/?local-command-[a-z]+>/g;

function isTelling({ label, detail, tone }: EventBlock): boolean {
  const isEmpty = detail !== "" && detail.replace(TAGS, "").trim() === "";
  return tone === "warning" || (TELLING.test(label) && !isEmpty);
}

function eventLine({ label, detail, tone }: EventBlock, line: number, view: View): string {
  const about = detail.replace(TAGS, "");
  const words = oneLine(about === "" ? label : `${label}: ${about}`, view.columns - String(line).length - 5, view);
  return view.style(tone === "warning" ? "yellow" : "dim", `· ${words}  #${line}`);
}

const FLAWS = {
  blank: "a blank line",
  "not-json": "a line that is no record",
  torn: "a record that breaks off",
  cut: "a long line, of which only the beginning is shown",
  glued: "several records on one line",
  mixed: "records among other text",
  unreadable: "a record that is nested too deep",
} as const;

function flawPart({ flaw, line, bytes }: JoinedEntry, { style }: View): Part {
  const what = flaw === null ? "" : FLAWS[flaw];
  return { quiet: true, lines: [style("yellow", `! ${what}  ${formatSize(bytes)}  #${line}`)] };
}
