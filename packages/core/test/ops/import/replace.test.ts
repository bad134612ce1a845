/** Sources that were rewritten: the session holds what they hold now, and what it was stays as a version. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { toBytes } from "../../../src/index.js";
import { DAY, encode, jsonl, makeSession, metaOf, NOW, readText, world } from "../../support.js";
import { sourceOf, WAYS } from "./sources.js";
import { FIRST, FROM_3, LINES, sessionIn, versionText } from "./support.js";

/** What agents do to their transcripts. */
const REWRITTEN: readonly (readonly [string, string])[] = [
  ["its head is lost", FROM_3],
  ["it was rewound, and went on", LINES.slice(0, 20).join("") + jsonl(3, 2)],
  ["something was redacted", FIRST.replace('"user"', '"xxxx"')],
  ["a torn tail was dropped, and it went on", `${FIRST.slice(0, -30)}\n${jsonl(1, 3)}`],
  ["it was compacted to one line", '{"type":"summary"}\n'],
  ["a line was put in at its start", `{"type":"start"}\n${FIRST}`],
];

describe.each(WAYS)("%s that was rewritten:", (_, from) => {
  test.each(REWRITTEN)("%s: it is the session's output, and what it was stays", async (_, text) => {
    for (const state of ["live", "archived", "restored", "resumed"]) {
      const more = state === "resumed" ? jsonl(2, 9) : "";
      const w = await sessionIn(state, more);
      w.now += 5;
      const done = await w.archiver.import("s", from(text));
      expect(done).toEqual({ id: "s", outcome: "replaced", rawBytes: text.length, addedBytes: text.length });
      expect(await readText(w, "s")).toBe(text);
      expect(await versionText(w, 1)).toBe(FIRST + more);
      const lineCount = text.split("\n").length - 1;
      expect(await w.archiver.info("s")).toMatchObject({
        state: "live",
        lineCount,
        rawBytes: text.length + 4,
        versions: [{ version: 1, replacedAt: w.now, rawBytes: (FIRST + more).length, lineCount: more ? 42 : 40 }],
      });
      expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "unchanged" });
      await w.archiver.gc({ graceDays: 0 });
      await w.archiver.archive("s");
      await w.archiver.gc({ graceDays: 0 });
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(text);
      expect(await versionText(w, 1)).toBe(FIRST + more);
      expect(await toBytes(w.archiver.read("s", { name: "times" }))).toEqual(encode("1\n2\n"));
    }
  });

  test("again and again, each version stays, in order", async () => {
    const w = await sessionIn("live");
    const texts = [FIRST, ...REWRITTEN.map(([, text]) => text)];
    for (const text of texts.slice(1)) {
      expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "replaced" });
    }
    await w.archiver.gc({ graceDays: 0 });
    for (const [i, text] of texts.slice(0, -1).entries()) expect(await versionText(w, i + 1)).toBe(text);
    expect((await w.archiver.info("s")).versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    await w.archiver.verify("s");
  });

  test("what is a version already, or its beginning, is older: two sources don't take turns", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", from(FROM_3));
    for (const older of [FIRST, FIRST.slice(0, 700), LINES.slice(0, 2).join("")]) {
      const done = await w.archiver.import("s", from(older));
      expect(done).toMatchObject({ outcome: "older", rawBytes: FROM_3.length, addedBytes: 0 });
    }
    expect(await w.archiver.info("s")).toMatchObject({ versions: [{ version: 1 }] });
    expect(await readText(w, "s")).toBe(FROM_3);
    await w.archiver.settle("s");
    await w.archiver.verify("s");
    // But what goes on from it has something new.
    expect(await w.archiver.import("s", from(FIRST + FIRST))).toMatchObject({ outcome: "replaced" });
    expect(await readText(w, "s")).toBe(FIRST + FIRST);
  });

  test("whose session has a tombstone, and its bytes still: it is in use again, told, and nothing is lost", async () => {
    const w = await sessionIn("archived");
    await w.archiver.pruneSession("s");
    w.events.length = 0;
    const text = `{"type":"summary"}\n${FIRST}`;
    expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "replaced" });
    expect(w.events.filter(({ type }) => type === "revived")).toEqual([
      { type: "revived", id: "s", from: "pruned", lostBytes: 0 },
    ]);
    expect(await readText(w, "s")).toBe(text);
    expect(await versionText(w, 1)).toBe(FIRST);
  });

  test("times, counts and facts are those of the new output, and sweeps find it", async () => {
    const open = (known: unknown) => {
      let bytes = known ? -1 : 0;
      const add = (chunk: Uint8Array): void => {
        bytes += chunk.length;
      };
      return { add, values: () => ({ bytes }) };
    };
    const w = await sessionIn("archived", "", { describe: { by: "test", version: 1, open } });
    const text = jsonl(3, 7);
    await w.archiver.import("s", from(text));
    expect(await metaOf(w)).toMatchObject({
      [KEY.lineCount]: 3,
      [KEY.lastActivity]: NOW - 30 * DAY + 2000,
      [KEY.source]: { size: text.length },
      [KEY.facts]: { bytes: text.length, values: { bytes: text.length } },
    });
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
  });
});

test("a session without bytes has no version to keep", async () => {
  const w = world();
  await makeSession(w, "s", "");
  expect(await w.archiver.import("s", sourceOf(FIRST))).toMatchObject({ outcome: "appended" });
  expect(await w.archiver.info("s")).toMatchObject({ versions: [] });
});
