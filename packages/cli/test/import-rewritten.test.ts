/** When an agent rewrites its transcript, the session gets the new bytes, the old ones are kept, and the import reports it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { bytesOf, detailsOf, imported } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

const BEFORE = transcript(6);
const lines = BEFORE.split("\n").slice(0, -1);
const joined = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join("");

/** The file's contents before and after, and the outcome of its import. */
const REWRITTEN: Readonly<
  Record<string, readonly [before: string, after: string, outcome: "replaced" | "older" | "appended"]>
> = {
  "its head is lost": [BEFORE, joined(lines.slice(2)), "replaced"],
  "it was rewound, and has gone on another way": [
    BEFORE,
    joined([...lines.slice(0, 3), '{"other":"way"}']),
    "replaced",
  ],
  "it was rewound, and has yet to go on": [BEFORE, joined(lines.slice(0, 3)), "older"],
  "something was taken out of it": [BEFORE, BEFORE.replace("hello 2", "*******"), "replaced"],
  "a torn end was mended": [`${BEFORE}{"torn":`, `${BEFORE}{"whole":1}\n`, "replaced"],
  "a torn end was dropped": [`${BEFORE}{"torn":`, BEFORE, "older"],
  "its last line end is gone": [BEFORE, BEFORE.slice(0, -1), "older"],
  "every line has got a number": [BEFORE, BEFORE.replaceAll('{"type"', '{"ordinal":1,"type"'), "replaced"],
  "it has grown": [BEFORE, `${BEFORE}{}\n`, "appended"],
};

describe.each(Object.entries(REWRITTEN))("%s", (_, [before, after, outcome]) => {
  test.each([
    ["live", []],
    ["archived", [["archive", "s"]]],
    [
      "restored",
      [
        ["archive", "s"],
        ["restore", "s"],
      ],
    ],
  ] as const)("%s: it never causes a conflict or a loss", async (_state, commands) => {
    const cli = await newCli();
    const path = join(cli.folder, "p/s.jsonl");
    await writeFiles(cli.folder, { "p/s.jsonl": before });
    await imported(cli, "p");
    for (const words of commands) expect((await cli.run(...words)).exitCode).toBe(0);
    await writeFile(path, after);
    expect(await imported(cli, "p")).toMatchObject({ exitCode: 0, [outcome]: 1, failed: [] });
    for (let again = 0; again < 2; again++) {
      const report = await imported(cli, "p");
      expect(report).toMatchObject({ skipped: 1, replaced: 0, appended: 0, failed: [] });
    }
    expect(await bytesOf(cli, "s")).toBe(outcome === "older" ? before : after);
    expect((await detailsOf(cli, "s")).versions).toHaveLength(outcome === "replaced" ? 1 : 0);
    if (outcome === "replaced") expect((await cli.run("cat", "s", "--kept", "1")).text).toBe(before);
    expect((await cli.run("sweep", "--inactive-days", "0")).exitCode).toBe(0);
    expect((await cli.run("verify")).exitCode).toBe(0);
    expect((await cli.run("gc", "--grace", "0")).exitCode).toBe(0);
    expect(await bytesOf(cli, "s")).toBe(outcome === "older" ? before : after);
    if (outcome === "replaced") expect((await cli.run("cat", "s", "--kept", "1")).text).toBe(before);
  });
});

describe("versions that are kept", () => {
  const [one, two, three] = ["one", "two", "three"].map((text) => transcript(4, undefined, text)) as [
    string,
    string,
    string,
  ];

  async function withVersions(): Promise<Cli> {
    const cli = await newCli();
    for (const text of [one, two, three]) {
      await writeFiles(cli.folder, { "p/s.jsonl": text });
      await imported(cli, "p");
    }
    return cli;
  }

  test("are counted, listed and read", async () => {
    const cli = await withVersions();
    expect((await detailsOf(cli, "s")).versions).toMatchObject([
      { version: 1, rawBytes: one.length, lineCount: 4 },
      { version: 2, rawBytes: two.length, lineCount: 4 },
    ]);
    expect((await cli.run("info", "s")).text).toMatch(/\nVersion 1 {6}\d+ B, 4 lines, replaced \d{4}-/);
    expect((await cli.run("cat", "s")).text).toBe(three);
    expect((await cli.run("cat", "s", "--kept", "1")).text).toBe(one);
    expect((await cli.run("cat", "s", "--kept", "2", "--lines", "2:3")).text).toBe(joined(two.split("\n").slice(1, 3)));
    expect((await cli.run("cat", "s", "--kept", "2", "--tail", "1")).text).toBe(joined(two.split("\n").slice(3, 4)));
    expect((await cli.run("export", "s", "--kept", "1", "-o", "-")).text).toBe(one);
    const exported = await cli.run("export", "s", "--kept", "1", "-o", "old.jsonl.gz", "--json");
    expect(exported.json()).toMatchObject({ id: "s", format: "jsonl.gz", copied: true });
    expect(await imported(cli, "--home", "new", "old.jsonl.gz")).toMatchObject({ imported: 1 });
    expect((await cli.run("--home", "new", "cat", "old")).text).toBe(one);
    expect((await cli.run("cat", "s", "--kept", "3", "--json")).json()).toMatchObject({ error: { code: "NOT_FOUND" } });
    for (const wrong of ["0", "-1", "x", "1.5"]) expect((await cli.run("cat", "s", "--kept", wrong)).exitCode).toBe(2);
  });

  test("are announced when they are kept, with the command that shows them", async () => {
    const cli = await withVersions();
    await writeFiles(cli.folder, { "p/s.jsonl": transcript(2, undefined, "four") });
    const run = await cli.run("import", "p");
    expect(run.stderr).toContain(
      `replaced s: ${join("p", "s.jsonl")} was rewritten; what the session held before is kept: \`session-archiver cat s --kept 3\``,
    );
    expect(run.text).toBe("0 imported, 0 appended, 1 replaced, 0 skipped, 0 failed.\n");
  });

  test("are recognised: a file with their bytes changes nothing", async () => {
    const cli = await withVersions();
    await writeFiles(cli.folder, { "backup/s.jsonl": one, "backup2/s.jsonl": two.slice(0, -10) });
    expect(await imported(cli, "backup", "backup2", "p")).toMatchObject({ older: 2, unchanged: 1, imported: 0 });
    expect(await bytesOf(cli, "s")).toBe(three);
  });
});
