/** A long text in steps: the beginning, then more as the reader asks. */
import type { ComponentChildren, VNode } from "preact";
import { bytes, counted } from "../../ui/format.ts";
import { type ClipLimits, clip, countLines, STEP_CHARS } from "../clip.ts";
import { nameOf, useRowState } from "../row-state.ts";

interface ClippedProps {
  readonly kind: string;
  readonly text: string;
  readonly limits: ClipLimits;
  readonly children: (shown: string) => ComponentChildren;
}

/** The size of the rest: in lines, or in bytes if the lines are long. */
function leftOver(text: string, from: number): string {
  const rest = text.slice(text[from] === "\n" ? from + 1 : from);
  const lines = countLines(rest, 100_000);
  return rest.length / lines > 400 ? bytes(rest.length) : counted(lines, "line");
}

export function Clipped({ kind, text, limits, children }: ClippedProps): VNode {
  const [extra, setExtra] = useRowState(nameOf(`more ${kind}`, text), 0);
  const { shown, hidden } = clip(text, limits, extra);
  return (
    <>
      {children(shown)}
      {(hidden > 0 || extra > 0) && (
        <div class="more">
          {hidden > 0 && (
            <button
              type="button"
              class="more-button"
              onClick={() => setExtra(Math.max(extra, shown.length) + STEP_CHARS)}
            >
              {hidden <= STEP_CHARS ? "Show all" : "Show more"}
              <span class="more-left"> · {leftOver(text, shown.length)} left</span>
            </button>
          )}
          {extra > 0 && (
            <button type="button" class="more-button" onClick={() => setExtra(0)}>
              Show less
            </button>
          )}
        </div>
      )}
    </>
  );
}
