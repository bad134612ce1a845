/** Makes endless sessions from a few templates: each copy has its own ids and times. */
import { hash } from "node:crypto";
import type { Slot, Template } from "./template.js";

export interface Copy {
  /** New for each copy, and safe in file names. */
  readonly id: string;
  readonly bytes: Buffer;
  /** Unix ms of the last line, if the lines' times are in order. */
  readonly endMs: number;
}

const FIRST_MS = Date.UTC(2024, 0, 1, 8);
const LONGEST_MS = 4 * 60 * 60 * 1000;
const PAUSE_MS = 61_007;
const ANY_UUID = "00000000-0000-4000-a000-000000000000";
const HEX = "0123456789abcdef";
const ALL = `${HEX}ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01`;

/** Repeats all templates in turn, so that repeated text is too far back for deflate and zstd to find. */
export function* copiesOf(templates: readonly Template[]): Generator<Copy> {
  if (templates.length === 0) throw new Error("There is no session to repeat.");
  let startMs = FIRST_MS;
  for (let n = 0; ; n++) {
    const template = templates[n % templates.length] as Template;
    const duration = Math.min(template.durationMs, LONGEST_MS);
    const seed = String(n);
    yield { id: freshUuid(ANY_UUID, seed), bytes: copyOf(template, seed, startMs), endMs: startMs + duration };
    startMs += duration + PAUSE_MS;
  }
}

/** Equal ids become equal ids within a copy; another `seed` gives other ids. */
function copyOf(template: Template, seed: string, startMs: number): Buffer {
  const bytes = Buffer.from(template.bytes);
  const shiftMs = template.startMs === 0 ? 0 : startMs - template.startMs;
  for (const slot of template.slots) bytes.write(fresh(slot, seed, shiftMs), slot.at, "latin1");
  return bytes;
}

function fresh({ kind, text }: Slot, seed: string, shiftMs: number): string {
  if (kind === "time") return shifted(text, shiftMs);
  return kind === "uuid" ? freshUuid(text, seed) : freshId(text, seed);
}

/** Keeps the version and the variant. */
function freshUuid(text: string, seed: string): string {
  const digits = hash("sha1", `${seed} ${text}`);
  return [...text].map((char, at) => (char === "-" || at === 14 || at === 19 ? char : digits.charAt(at))).join("");
}

function freshId(text: string, seed: string): string {
  const alphabet = /^[\da-f]+$/.test(text) ? HEX : ALL;
  const random = hash("sha512", `${seed} ${text}`, "buffer");
  // Most ids begin with "01", which isn't random, so keep it.
  return (
    text.slice(0, 2) +
    Array.from({ length: text.length - 2 }, (_, at) =>
      alphabet.charAt((random[at % random.length] ?? 0) % alphabet.length),
    ).join("")
  );
}

/** Keeps the precision. */
function shifted(time: string, byMs: number): string {
  const moved = new Date(Date.parse(time) + byMs);
  const year = moved.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return time;
  const fraction = time.slice(19, -1);
  const iso = moved.toISOString();
  return `${iso.slice(0, 19)}${fraction.length === 4 ? iso.slice(19, 23) : fraction}Z`;
}
