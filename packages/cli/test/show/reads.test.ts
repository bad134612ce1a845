/** What `show` reads, and how much it holds. */
import { createHash } from "node:crypto";
import type { Ports } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { numberedLines } from "../../src/show/numbered-lines.js";
import { answered, asked } from "../support/claude-session.js";
import { linesOf, newShower, type Shower } from "../support/shower.js";

const PIECE = 64 * 1024;

interface Counting {
  readonly shower: Shower;
  /** Bytes read from live blobs and from archives since the last call. */
  take(): number;
}

function counting(): Counting {
  let bytes = 0;
  const counted = <Given extends unknown[]>(read: (...given: Given) => AsyncIterable<Uint8Array>) =>
    async function* (...given: Given): AsyncGenerator<Uint8Array> {
      for await (const chunk of read(...given)) {
        // In small pieces, as a disk gives them.
        for (let at = 0; at < chunk.length; at += PIECE) {
          const piece = chunk.subarray(at, at + PIECE);
          bytes += piece.length;
          yield piece;
        }
      }
    };
  const around = (ports: Ports): Ports => {
    const { blobs, archives } = ports;
    blobs.read = counted(blobs.read.bind(blobs));
    archives.read = counted(archives.read.bind(archives));
    return ports;
  };
  return {
    shower: newShower(around),
    take() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
}

const TURN_CHARS = 16_000;

/** Some 16 MB in 1,000 turns, so little of which can be compressed that archives are nearly as long. */
function longSession(): string {
  const noise = createHash("shake256", { outputLength: 750 * TURN_CHARS }).digest("base64");
  return linesOf(
    Array.from({ length: 1000 }, (_, i) => {
      const words = noise.slice(i * TURN_CHARS, (i + 1) * TURN_CHARS);
      return [asked(`turn ${i + 1}`), answered(`${i + 1}: ${words}`)];
    }).flat(),
  );
}

const LONG = longSession();

describe.each([
  ["live", async () => {}],
  ["archived", async ({ archiver }: Shower) => void (await archiver.archive("claude-code:c1"))],
] as const)("of a session that is %s", (_, settle) => {
  test("the last turns cost what is shown, and a line its surroundings", async () => {
    const { shower, take } = counting();
    await shower.put("claude-code:c1", LONG);
    await settle(shower);
    take();
    const last = await shower.show("c1", { last: 3 });
    expect(LONG.length).toBeGreaterThan(16_000_000);
    expect(last.text).toMatch(/\n {2}turn 998\n[\s\S]*\n {2}turn 999\n[\s\S]*\n {2}turn 1000\n/);
    expect(last.text).not.toContain("turn 997");
    expect(take()).toBeLessThan(LONG.length / 3);
    const line = await shower.show("c1", { line: 1990, context: 1 });
    expect(line.text.includes("\n  995:\n")).toBe(true);
    expect(take()).toBeLessThan(LONG.length / 3);
    await shower.show("c1", { turns: { from: 2, to: 3 } });
    expect(take()).toBeLessThan(LONG.length / 3);
    await shower.show("c1", {}, { json: true });
    expect(take()).toBeLessThan(LONG.length / 3);
  });
});

describe("lines", () => {
  async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  test("are numbered wherever chunks end", async () => {
    const text = "\ufeffone\r\n\n漢字\nlast";
    for (let size = 1; size < 12; size++) {
      const lines = await Array.fromAsync(numberedLines(chunksOf(text, size), 5));
      expect(lines.map(({ number, text: words }) => [number, words])).toEqual([
        [5, "one"],
        [6, ""],
        [7, "漢字"],
        [8, "last"],
      ]);
    }
  });

  test("that are too long are cut, in whole characters, with their size", async () => {
    const lines = await Array.fromAsync(numberedLines(chunksOf("漢字漢字\nshort\n", 3), 1, 7));
    expect(lines).toEqual([
      { number: 1, text: "漢字", bytes: 12, truncated: true },
      { number: 2, text: "short", bytes: 5, truncated: false },
    ]);
  });

  test("of 100 MB are shown to their beginning", async () => {
    const { shower } = counting();
    const long = JSON.stringify(answered("x".repeat(100_000_000)));
    await shower.put("claude-code:c1", linesOf([asked("Go"), long, answered("after it")]));
    const { exitCode, text } = await shower.show("c1");
    expect(exitCode).toBe(0);
    expect(text).toContain("! a long line, of which only the beginning is shown  100 MB  #2");
    expect(text).toContain("after it");
    expect(text.length).toBeLessThan(5_000_000);
  }, 30_000);
});
