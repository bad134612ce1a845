/** Shows the first part of a long text. */

/** How much each further step shows: as much as the browser lays out without a noticeable delay. */
export const STEP_CHARS = 64_000;

export interface ClipLimits {
  readonly lines: number;
  readonly chars: number;
}

export interface Clipped {
  readonly shown: string;
  /** Characters left out. */
  readonly hidden: number;
}

const SLACK_LINES = 4;

/** Where line number `lines` ends, or `limit` if that comes first. */
function endOfLines(text: string, lines: number, limit: number): number {
  let end = -1;
  for (let line = 0; line < lines; line++) {
    end = text.indexOf("\n", end + 1);
    if (end < 0 || end >= limit) return limit;
  }
  return end;
}

/** Not between the halves of a surrogate pair. */
const wholeCharacter = (text: string, at: number): number => {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff ? at - 1 : at;
};

/**
 * The text within the limits, plus `extra` characters that the reader asked for. A text that is only a little longer is
 * shown whole, since a button would take as much room.
 */
export function clip(text: string, { lines, chars }: ClipLimits, extra = 0): Clipped {
  if (extra > 0) {
    const end = text.length - extra < chars ? text.length : wholeCharacter(text, extra);
    return { shown: text.slice(0, end), hidden: text.length - end };
  }
  const slackEnd = endOfLines(text, lines + SLACK_LINES, Math.min(text.length, chars + 400));
  const left = text.length - slackEnd;
  if (left === 0 || (left <= SLACK_LINES && text.slice(slackEnd).trim() === "")) return { shown: text, hidden: 0 };
  const end = wholeCharacter(text, endOfLines(text, lines, Math.min(text.length, chars)));
  return { shown: text.slice(0, end), hidden: text.length - end };
}

/** Lines in a text; counting stops at `most`. */
export function countLines(text: string, most = Number.POSITIVE_INFINITY): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < text.length - 1 && lines < most; at = text.indexOf("\n", at + 1))
    lines++;
  return lines;
}
