/** What a search gives, in which order, and what it says of what it covered. */
import { bytesOf, type SessionInfo } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { parseQuery, search } from "../../src/index.js";
import { found, hitsOf, imported, MINUTE, START, said, world } from "./support.js";

async function three() {
  const w = world();
  await imported(w, "old", [said("apples and pears", 1), said("pears", 2)]);
  await imported(w, "new", [said("plums", 100), said("apples", 101), said("Apples again", 102)]);
  await imported(w, "middle", [said("apples", 50)]);
  await w.archiver.archive("old");
  return w;
}

describe("hits", () => {
  test("come from the newest session first, by lines", async () => {
    const w = await three();
    expect(await found(w, "apples")).toEqual(["new 2", "new 3", "middle 1", "old 1"]);
    expect(await found(w, "apples pears")).toEqual(["old 1"]);
    expect(await found(w, '"and pears"')).toEqual(["old 1"]);
    expect(await found(w, "grapes")).toEqual([]);
  });

  test("are found in every value of a name that comes twice in a line", async () => {
    const w = world();
    const twice = said("plums", 1).replace('"content":"plums"', '"content":"apples and pears","content":"plums"');
    await imported(w, "s", [twice, said("plums", 2)]);
    expect(await found(w, "apples")).toEqual(["s 1"]);
    expect(await found(w, "plums pears")).toEqual(["s 1"]);
    expect(await found(w, "apples content")).toEqual([]);
    const [hit] = await hitsOf(search(w.archiver, "pears"));
    expect(hit).toMatchObject({ field: "message.content", snippet: { text: "apples and pears" } });
  });

  test("say who said it when and where, and show it", async () => {
    const w = await three();
    const [hit] = await hitsOf(search(w.archiver, "pears apples"));
    expect(hit).toMatchObject({
      ...{ file: "output", line: 1, time: START + MINUTE, role: "user", field: "message.content" },
      snippet: {
        text: "apples and pears",
        matches: [
          [0, 6],
          [11, 16],
        ],
        isCutBefore: false,
        isCutAfter: false,
      },
      ...{ before: [], after: [] },
    });
    const info: SessionInfo = await w.archiver.info("old");
    expect(hit?.session).toEqual(info);
  });

  test("are found in sidecars too, after the output", async () => {
    const w = world();
    await imported(w, "s", [said("apples", 1)]);
    for (const [name, text] of [
      ["tool-results/x.txt", "no\nfive apples"],
      ["subagents/a.jsonl", `${said("apples", 2)}\n`],
    ]) {
      await w.ports.blobs.create(
        { id: "s", name: name ?? "" },
        `g-${name?.length}`,
        bytesOf(new TextEncoder().encode(text)),
      );
    }
    const places = async () =>
      (await hitsOf(search(w.archiver, "apples"))).map(({ file, line, role, field }) => [file, line, role, field]);
    const expected = [
      ["output", 1, "user", "message.content"],
      ["subagents/a.jsonl", 1, "user", "message.content"],
      ["tool-results/x.txt", 2, "event", null],
    ];
    expect(await places()).toEqual(expected);
    await w.archiver.archive("s");
    expect(await places()).toEqual(expected);
  });

  test("have the lines around them", async () => {
    const w = world();
    const lines = Array.from({ length: 9 }, (_, i) => said(i % 4 === 0 ? `hit ${i}` : `line ${i}`, i));
    await imported(w, "s", lines);
    const around = async (context: number) =>
      (await hitsOf(search(w.archiver, "hit", { context }))).map(({ line, before, after }) => [
        before.map((it) => it.line).join(),
        line,
        after.map((it) => it.line).join(),
      ]);
    const expected = [
      ["", 1, "2,3"],
      ["3,4", 5, "6,7"],
      ["7,8", 9, ""],
    ];
    expect(await around(2)).toEqual(expected);
    await w.archiver.archive("s");
    expect(await around(2)).toEqual(expected);
    const [first] = await hitsOf(search(w.archiver, "hit", { context: 1 }));
    expect(first?.after).toEqual([{ line: 2, role: "user", time: START + MINUTE, text: "line 1", isCut: false }]);
  });
});

describe("where it looks", () => {
  const call = {
    type: "tool_use",
    id: "t",
    name: "Bash",
    input: { command: "make apples", description: "Makes them" },
  };
  const result = { type: "tool_result", tool_use_id: "t", content: "made apples" };
  const lines = [
    said("eat apples", 1),
    said("", 2, {
      type: "assistant",
      message: { role: "assistant", content: [{ type: "text", text: "Apples it is" }] },
    }),
    said("", 3, { type: "assistant", message: { role: "assistant", content: [call] } }),
    said("", 4, { message: { role: "user", content: [result] } }),
    said("", 5, { type: "attachment", attachment: { type: "file", content: "apples.txt" }, message: undefined }),
  ];

  test.each([
    ["all", [1, 2, 3, 4, 5]],
    ["prose", [1, 2]],
    ["tools", [3, 4]],
  ] as const)("in %s: lines %j", async (where, expected) => {
    const w = world();
    await imported(w, "s", lines);
    expect(await found(w, "apples", { in: where })).toEqual(expected.map((line) => `s ${line}`));
    const [hit] = await hitsOf(search(w.archiver, "apples", { in: where }));
    expect(hit?.field).toBe({ all: "message.content", prose: "text", tools: "call" }[where]);
  });
});

describe("case and words", () => {
  const lines = [said("Apples", 1), said("apples", 2), said("pineapples, apples_2", 3), said("ſtop ſtraße Öl", 4)];
  test.each([
    ["apples", {}, [1, 2, 3]],
    ["Apples", {}, [1]],
    ["Apples", { matchCase: "ignore" }, [1, 2, 3]],
    ["apples", { matchCase: "exact" }, [2, 3]],
    ["apples", { wholeWords: true }, [1, 2]],
    ["öl", {}, [4]],
    ["stop", {}, []],
    ["l", { wholeWords: true }, []],
  ] as const)("%s with %j: lines %j", async (query, options, expected) => {
    const w = world();
    await imported(w, "s", lines);
    expect(await found(w, query, options)).toEqual(expected.map((line) => `s ${line}`));
  });

  test("a smart pattern's escapes are no upper-case letters", async () => {
    const w = world();
    await imported(w, "s", lines);
    const hits = await hitsOf(search(w.archiver, parseQuery("^\\S*pples$", { regex: true })));
    expect(hits.map(({ line }) => line)).toEqual([1, 2]);
  });
});

describe("coverage", () => {
  test("tells what was searched, and what was not", async () => {
    const w = await three();
    await w.archiver.pruneSession("old");
    const searched = search(w.archiver, "apples", { filter: { since: START + 90 * MINUTE } });
    expect(searched.coverage).toMatchObject({ sessions: 0, bytes: 0, hits: 0, isComplete: false });
    await hitsOf(searched);
    const { rawBytes } = await w.archiver.info("new");
    expect(searched.coverage).toEqual({
      ...{
        sessions: 1,
        bytes: rawBytes,
        filteredOut: 2,
        pruned: 0,
        unreadable: [],
        damaged: [],
        hits: 2,
        longLines: 0,
        isComplete: true,
      },
    });
    const all = search(w.archiver, "apples");
    await hitsOf(all);
    expect(all.coverage).toMatchObject({ sessions: 2, filteredOut: 0, pruned: 1, hits: 3, isComplete: true });
  });

  test("of named sessions names those that are unknown", async () => {
    const w = await three();
    const searched = search(w.archiver, "apples", { ids: ["middle", "nobody", "new", "middle"] });
    expect((await hitsOf(searched)).map(({ session }) => session.id)).toEqual(["new", "new", "middle"]);
    expect(searched.coverage).toMatchObject({ sessions: 2, unreadable: [{ id: "nobody", code: "NOT_FOUND" }] });
  });

  test("says if hits were left out", async () => {
    const w = await three();
    const some = search(w.archiver, "apples", { perSession: 1 });
    expect((await hitsOf(some)).map(({ session, line }) => `${session.id} ${line}`)).toEqual([
      "new 2",
      "middle 1",
      "old 1",
    ]);
    expect(some.coverage).toMatchObject({ hits: 3, isComplete: false });
    const two = search(w.archiver, "apples", { limit: 2 });
    expect((await hitsOf(two)).length).toBe(2);
    expect(two.coverage).toMatchObject({ sessions: 1, hits: 2, isComplete: false });
  });
});

test("wrong options are refused at once", async () => {
  const { archiver } = await three();
  for (const options of [
    { limit: 0 },
    { perSession: 1.5 },
    { firstOnly: 1 },
    { context: -1 },
    { snippetLength: 0 },
    { matchCase: "no" },
    { in: "no" },
  ]) {
    expect(() => search(archiver, "x", options as never)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
  }
  expect(() => search(archiver, "")).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});
