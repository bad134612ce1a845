/** A change of a file. */

import type { DiffBlock, DiffLine, Hunk } from "@session-archiver/transcripts";
import { diffStat } from "@session-archiver/transcripts";
import type { VNode } from "preact";
import { number } from "../../ui/format.ts";
import { nameOf, useRowState } from "../row-state.ts";
import { CopyButton } from "./copy-button.tsx";

const FIRST_LINES = 24;
const STEP_LINES = 400;
const MAX_LINE_CHARS = 2000;
const CHANGE = { add: "New file", update: "", delete: "Deleted" } as const;
const CLASS = { "+": "diff-add", "-": "diff-remove", " ": "diff-same" } as const;
const SAID = { "+": "added", "-": "removed", " ": "" } as const;

/** The hunks as far as `limit` lines go. */
function firstLines(hunks: readonly Hunk[], limit: number): readonly Hunk[] {
  let left = limit;
  return hunks.flatMap((hunk) => {
    if (left <= 0) return [];
    const lines = hunk.lines.slice(0, left);
    left -= Math.max(1, lines.length);
    return [{ ...hunk, lines }];
  });
}

function Line({ line }: { readonly line: DiffLine }): VNode {
  const text = line.text.length > MAX_LINE_CHARS ? `${line.text.slice(0, MAX_LINE_CHARS)}…` : line.text;
  return (
    <div class={CLASS[line.sign]}>
      <span class="diff-sign" aria-hidden="true">
        {line.sign === "-" ? "−" : line.sign}
      </span>
      <span class="visually-hidden">{SAID[line.sign]} </span>
      <span class="diff-text">{text === "" ? "\u200b" : text}</span>
    </div>
  );
}

const asText = (hunks: readonly Hunk[]): string =>
  hunks.map(({ lines }) => lines.map(({ sign, text }) => sign + text).join("\n")).join("\n");

export function Diff({ diff }: { readonly diff: DiffBlock }): VNode {
  const { added, removed } = diffStat([diff]);
  const all = diff.hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  const [limit, setLimit] = useRowState(nameOf("diff", `${diff.path} ${added} ${removed} ${all}`), FIRST_LINES);
  const shown = all <= limit + 4 ? diff.hunks : firstLines(diff.hunks, limit);
  const hidden = all <= limit + 4 ? 0 : all - limit;
  return (
    <div class="diff">
      <div class="diff-head">
        <span class="diff-path">{diff.path || "Change"}</span>
        {CHANGE[diff.change] !== "" && <span class="diff-change">{CHANGE[diff.change]}</span>}
        <span class="diff-stat">
          {added > 0 && <span class="diff-plus">+{number(added)}</span>}
          {removed > 0 && <span class="diff-minus">−{number(removed)}</span>}
        </span>
        <CopyButton label="Copy diff" text={() => Promise.resolve(asText(diff.hunks))} />
      </div>
      {shown.map((hunk, i) => (
        <div key={i} class="diff-hunk">
          {hunk.newStart !== null && <div class="diff-at">Line {number(hunk.newStart)}</div>}
          {hunk.lines.map((line, j) => (
            <Line key={j} line={line} />
          ))}
        </div>
      ))}
      {hidden > 0 && (
        <div class="more">
          <button type="button" class="more-button" onClick={() => setLimit(limit + STEP_LINES)}>
            {hidden <= STEP_LINES ? "Show all" : "Show more"}
            <span class="more-left"> · {number(hidden)} lines left</span>
          </button>
        </div>
      )}
    </div>
  );
}
