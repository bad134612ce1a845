/**
 * A session that is to be repeated: its bytes, and where in them ids and times stand. Each is replaced by one as long, so
 * that a copy is written into place and every other byte, line ends above all, stays as the agent wrote it.
 */

export interface Slot {
  /** Offset in the template. */
  readonly at: number;
  /** What stands there. */
  readonly text: string;
  readonly kind: "uuid" | "id" | "time";
}

export interface Template {
  readonly bytes: Buffer;
  readonly slots: readonly Slot[];
  /** When the session began, by its lines' own timestamps, unix ms; 0 if they have none. */
  readonly startMs: number;
  readonly durationMs: number;
}

const SLOTS =
  /(?<uuid>\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b)|(?<=\b(?:toolu|msg|req|call|rs|fc|resp|item|chatcmpl|agent)[_-])(?<id>[\dA-Za-z]{8,})|(?<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/g;
const OF_LINE = '"timestamp":"';

export function templateOf(bytes: Buffer): Template {
  // One character a byte: offsets are the same, and bytes that aren't UTF-8 survive.
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
