/** What becomes of lines that a hole has cut. */
import { describe, expect, test, vi } from "vitest";
import { toBytes } from "../../../src/index.js";
import { APART, jsonl, longLines, readText } from "../../support.js";
import { archived, flip, keyAt, salvaged, THREE, without } from "./support.js";

// Small archives of several segments.
vi.mock("../../../src/format/continued.js", () => import("../../format/as-before.js"));

describe("a line that is longer than a segment", () => {
  const long = `${JSON.stringify({ text: "x".repeat(2_500_000) })}\n`;

  test("is lost as a whole where a part of it is, and no remains are left", async () => {
    const text = jsonl(5) + long + jsonl(5, 3);
    const w = await archived(text);
    const manifest = JSON.parse(
      new TextDecoder().decode(await toBytes(w.ports.archives.read(await keyAt(w, "manifestKey")))),
    );
    const rows = manifest.files[0].segments as [number, number, number][];
    expect(rows.length).toBeGreaterThan(2);
    for (const [offset, size] of rows.slice(1)) {
      const one = await archived(text);
      const key = await keyAt(one, "archiveKey");
      const { size: all = 1 } = (await one.ports.archives.stat(key)) ?? {};
      await flip(one, key, (offset + size - 12) / all, (offset + size - 11) / all);
      const lost = await salvaged(one);
      expect(await readText(one, "s")).toBe(without(text, lost));
      expect((await readText(one, "s")).includes("xx")).toBe(false);
    }
  });

  test("is kept where it begins after the hole", async () => {
    const text = longLines(1100) + long + jsonl(5, 3);
    const w = await archived(text);
    await flip(w, await keyAt(w, "archiveKey"), 0.05);
    const lost = await salvaged(w);
    expect(await readText(w, "s")).toBe(without(text, lost));
    expect(await readText(w, "s")).toContain(long);
  });
});

test("an unfinished last line stays where its segment is whole", async () => {
  const text = `${THREE}{"open":`;
  const w = await archived(text);
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const lost = await salvaged(w);
  expect(await readText(w, "s")).toBe(without(text, lost));
  await w.archiver.verify("s");
});

test("an unfinished line that was continued in the next segment is lost as a whole with either part", async () => {
  const w = await archived(`${jsonl(30)}{"begun":`, APART);
  const recorder = w.archiver.recorder("s");
  await recorder.append(`"done"}\n${jsonl(30, 2)}`);
  await recorder.close();
  await w.archiver.archive("s");
  await w.archiver.gc({ graceDays: 0 }); // the older archive would mend it
  const text = await readText(w, "s");
  await flip(w, await keyAt(w, "archiveKey"), 0.2);
  const lost = await salvaged(w);
  expect(lost).toEqual([[0, 31]]);
  expect(await readText(w, "s")).toBe(jsonl(30, 2));
  expect(text.split("\n").length).toBe(62);
});
