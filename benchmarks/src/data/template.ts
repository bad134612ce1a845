/**
 * A session to repeat: its bytes, and the places of ids and times in them. Each id and time is replaced by one of equal
 * length, so that every other byte, above all line ends, stays as the agent wrote it.
 */

export interface Slot {
  /** The offset in the template. */
  readonly at: number;
  /** The text at this place. */
  readonly text: string;
  readonly kind: "uuid" | "id" | "time";
}

export interface Template {
  readonly bytes: Buffer;
  readonly slots: readonly Slot[];
  /** The session's first timestamp, unix ms; 0 if its lines have none. */
  readonly startMs: number;
  readonly durationMs: number;
}

const SLOTS =
  /(?<uuid>\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b)|(?<=\b(?:toolu|msg|req|call|rs|fc|resp|item|chatcmpl|agent)[_-])(?<id>[\dA-Za-z]{8,})|(?<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/g;
const OF_LINE = '"timestamp":"';

export function templateOf(bytes: Buffer): Template {
  // One character for each byte, so that offsets are equal and bytes that aren't UTF-8 survive.
  const text = bytes.toString("latin1");
  const slots: Slot[] = [];
  let startMs: number | undefined;
  let endMs = 0;
  for (const { index, groups = {} } of text.matchAll(SLOTS)) {
    const [kind, found] = Object.entries(groups).find(([, each]) => each !== undefined) ?? [];
    if (found === undefined) continue;
    const isTime = kind === "time";
    const ms = isTime ? Date.parse(found) : 0;
    if (Number.isNaN(ms)) continue;
    slots.push({ at: index, text: found, kind: kind as Slot["kind"] });
    if (!isTime || !text.startsWith(OF_LINE, index - OF_LINE.length)) continue;
    startMs ??= ms;
    endMs = Math.max(endMs, ms);
  }
  return { bytes, slots, startMs: startMs ?? 0, durationMs: Math.max(0, endMs - (startMs ?? endMs)) };
}
