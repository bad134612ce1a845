import { appendFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collect, lineCounter, timestampOf } from "@session-archiver/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanLines } from "../src/import/line-scan.js";
import { openSource } from "../src/import/source.js";
import { newFolder } from "./support/cli.js";
import { DAY_MS } from "./support/sessions.js";

describe("a file that changes while it is read", () => {
  it("is read as long as it was when it was opened", async () => {
    const path = join(await newFolder(), "a.jsonl");
    await writeFile(path, "one\ntwo\n");
    await using source = await openSource(path);
    await appendFile(path, "three\n");
    expect(Buffer.from(await collect(source.read(0))).toString()).toBe("one\ntwo\n");
    expect(Buffer.from(await collect(source.read(4))).toString()).toBe("two\n");
  });

  it("is a conflict if it becomes shorter", async () => {
    const path = join(await newFolder(), "a.jsonl");
    await writeFile(path, "one\ntwo\n");
    await using source = await openSource(path);
    await truncate(path, 5);
    await expect(collect(source.read(0))).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("line scan", () => {
  const now = Date.UTC(2026, 0, 10);
  const latest = now + DAY_MS;
  const line = fc.oneof(
    fc.integer({ min: -10, max: 20 }).map((ms) => `{"timestamp":${latest + ms}}`),
    fc.integer({ min: -10, max: 100 }).map((time) => `{"timestamp":${time}}`),
    fc.constantFrom(
      "",
      " ",
      "\r",
      "{}",
      "not json",
      `{"x":{"timestamp":${now}}}`,
      '"timestamp"',
      `{"ü":"€","timestamp":${now}}`,
    ),
  );

  it("sees the same however the bytes are cut, and as lines looked at one by one", () => {
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat(200)), (lines, ended, cuts) => {
        const bytes = Buffer.from(lines.join("\n") + (ended ? "\n" : ""));
        const places = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const scan = scanLines(now);
        let at = 0;
        for (const place of places) {
          const chunk = Uint8Array.from(bytes.subarray(at, place));
          scan.add(chunk);
          chunk.fill(0); // whoever gets the chunk next may change it
          at = place;
        }
        scan.end();
        const times = lines
          .map((text) => timestampOf(text))
          .filter((time) => time !== undefined && time <= latest) as number[];
        const counter = lineCounter();
        counter.add(bytes);
        expect({ ...pick(scan), oldest: scan.oldest, newest: scan.newest, bytes: scan.bytes }).toEqual({
          ...pick(counter),
          oldest: times.length > 0 ? Math.min(...times) : undefined,
          newest: times.length > 0 ? Math.max(...times) : undefined,
          bytes: bytes.length,
        });
      }),
    );
  });
});

function pick({ lines, newlines, openLine }: { lines: number; newlines: number; openLine: boolean }): object {
  return { lines, newlines, openLine };
}
