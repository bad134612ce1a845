/** Sessions as agents write them, made up: of 8 kB, with ids in no order. */
import { createHash } from "node:crypto";
import type { Archiver, ImportSource } from "@session-archiver/core";

export const DAY_MS: number = 24 * 60 * 60 * 1000;
/** The last activity of all but idle sessions. */
export const ACTIVE_MS: number = Date.UTC(2026, 0, 1);

const LINES = 10;
const AT_ONCE = 64;

/** One session's output: words of its own, and times up to `lastMs`. */
export function outputOf(name: string, lastMs: number): Uint8Array {
  const lines = Array.from({ length: LINES }, (_, i) => lineOf(`${name}/${i}`, lastMs - (LINES - 1 - i) * 1000));
  return new TextEncoder().encode(lines.join(""));
}

/** Some 800 bytes, a third of which no other line has. */
export function lineOf(name: string, timeMs: number): string {
  const own = [0, 1, 2].map((i) => createHash("sha512").update(`${name}/${i}`).digest("base64")).join(" ");
  const message = {
    role: "assistant",
    content: [{ type: "text", text: `${own} ${"as was said before. ".repeat(22)}` }],
  };
  return `${JSON.stringify({ type: "assistant", uuid: own.slice(0, 36), timestamp: new Date(timeMs).toISOString(), message })}\n`;
}

/** Takes in `count` sessions, some at once. `lastMs`: their last activity. */
export async function addSessions(archiver: Archiver, prefix: string, count: number, lastMs: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) {
      const id = createHash("sha256").update(`${prefix}/${i}`).digest("hex").slice(0, 32);
      await archiver.import(`folder-${Number.parseInt(id.slice(0, 4), 16) % 50}/${id}`, sourceOf(outputOf(id, lastMs)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function sourceOf(bytes: Uint8Array): ImportSource {
  return {
    size: bytes.length,
    async *read({ start, end }) {
      yield bytes.slice(start, end);
    },
  };
}
