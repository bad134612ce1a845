/** Lines by number and from the end, across segments. */
import { expect, test } from "vitest";
import { toBytes } from "../../src/index.js";
import { jsonl, linesOf, longLines, makeSession, world } from "../support.js";
import { decode } from "./support.js";

const text = `${longLines(3000)}${"x".repeat(3_000_000)}\n${jsonl(5, 2)}`;
const lines = linesOf(text);

test("is sought by line across segments and over-long lines", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  for (const [from, to] of [
    [0, 3],
    [1500, 1502],
    [2999, 3001],
    [3000, 3001],
    [3001, 3004],
    [3005, 4000],
  ] as const) {
    expect(await decode(w.archiver.lines("s", { from, to }))).toBe(lines.slice(from, to).join(""));
  }
  for (const count of [1, 5, 6, 7, 1000]) {
    expect(await decode(w.archiver.tail("s", count))).toBe(lines.slice(-count).join(""));
  }
});

test("its tail costs a segment or two, not the session", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  let stored = 0;
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (key, range, op) {
    for await (const chunk of read(key, range, op)) {
      if (key.endsWith(".gz")) stored += chunk.length;
      yield chunk;
    }
  };
  await toBytes(w.archiver.tail("s", 3));
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan((await w.archiver.info("s")).archiveBytes / 10);
});
