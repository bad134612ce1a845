/** Compares two texts line by line. */
import type { DiffLine } from "../entry.js";

/** Above this many cells, the middle part is shown as all removed, then all added. */
const MAX_CELLS = 250_000;

const lines = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
const signed = (sign: DiffLine["sign"], all: readonly string[]): readonly DiffLine[] =>
  all.map((text) => ({ sign, text }));

/** The diff of the middle part, between the common head and the common end, by their longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const width = after.length + 1;
  if (before.length * width > MAX_CELLS) return [...signed("-", before), ...signed("+", after)];
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      out.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      out.push({ sign: "-", text: old });
      i++;
    } else if (fresh !== undefined) {
      out.push({ sign: "+", text: fresh });
      j++;
    }
  }
  return out;
}

/** The diff, unchanged lines included. Ignores whether the last line has a line end. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [lines(before), lines(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return [
    ...signed(" ", a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...signed(" ", a.slice(a.length - tail)),
  ];
}
