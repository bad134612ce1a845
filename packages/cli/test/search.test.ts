/** `search` as people call it; what is found is tested where the search is: packages/search. */
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SearchDocument } from "../src/index.js";
import { coverageText } from "../src/search/coverage-text.js";
import { queryOf } from "../src/search/query.js";
import { UsageError } from "../src/usage-error.js";
import { type Cli, newCli } from "./support/cli.js";
import { writeFiles } from "./support/sessions.js";

const IDS = ["aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"] as const;
const ESCAPE = String.fromCharCode(27);

interface Said {
  readonly role?: "user" | "assistant";
  readonly text: string;
}

/** A session of Claude Code, a line a minute from `day`. */
function session(id: string, day: string, project: string, lines: readonly Said[]): string {
  return lines
    .map(({ role = "user", text }, i) => {
      const timestamp = new Date(Date.parse(`${day}T10:00Z`) + i * 60_000).toISOString();
      const content = role === "user" ? text : [{ type: "text", text }];
      const message = { role, content };
      return `${JSON.stringify({ type: role, uuid: `u${i}`, sessionId: id, cwd: `/work/${project}`, timestamp, message })}\n`;
    })
    .join("");
}

async function twoSessions(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, {
    [`p/${IDS[0]}.jsonl`]: session(IDS[0], "2026-01-05", "app", [
      { text: "why does the parser lose a line?" },
      { role: "assistant", text: "There is a race condition in the Parser." },
      { text: "then lock it" },
    ]),
    [`p/${IDS[1]}.jsonl`]: session(IDS[1], "2026-01-09", "site", [
      { text: `a race, under one condition\nfor the parser ${ESCAPE}[31m` },
      { role: "assistant", text: 'say "race condition" again' },
    ]),
  });
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  expect((await cli.run("archive", IDS[0])).exitCode).toBe(0);
  return cli;
}

const found = (run: { json<T>(): T }): readonly (readonly [string, number])[] =>
  run.json<SearchDocument>().hits.map(({ id, line }) => [id.slice("claude-code:".length, 20), line]);

test("hits stand below a head for each session, the newest first, and what was covered on stderr", async () => {
  const cli = await twoSessions();
  const { exitCode, text, stderr } = await cli.run("search", "race condition");
  expect(exitCode).toBe(0);
  expect(text.split("\n").map((line) => line.replace(/\d\d\d\d-\d\d-\d\d \d\d:\d\d/, "TIME"))).toEqual([
    `claude-code:${IDS[1]}  site  TIME  a race, under one condition for the parser \\u{1b}[31m`,
    '     2: assistant TIME  say "race condition" again',
    "",
    `claude-code:${IDS[0]}  app  TIME  why does the parser lose a line?`,
    "     2: assistant TIME  There is a race condition in the Parser.",
    "",
  ]);
  expect(stderr).toMatch(/^2 lines found in 2 sessions; searched .* of 2 sessions\.\n$/);
});

test("words may stand apart, phrases may not; quotes mark phrases for the shell and within a word", async () => {
  const cli = await twoSessions();
  const all = async (...words: string[]) => found(await cli.run("search", "--json", ...words));
  const [first, second] = [IDS[0].slice(0, 8), IDS[1].slice(0, 8)];
  expect(await all("condition", "race")).toEqual([
    [second, 1],
    [second, 2],
    [first, 2],
  ]);
  const phrase = [
    [second, 2],
    [first, 2],
  ];
  expect(await all("race condition")).toEqual(phrase);
  expect(await all('"race condition"')).toEqual(phrase);
  expect(await all('parser "race condition"')).toEqual([[first, 2]]);
  expect(await all("-F", '"race')).toEqual([[second, 2]]);
  expect(await all("-E", "r.ce (under )?cond")).toEqual(phrase);
});

test("case counts if a word has a capital, or as asked for", async () => {
  const cli = await twoSessions();
  const lines = async (...words: string[]) => found(await cli.run("search", "--json", ...words)).length;
  expect(await lines("parser")).toBe(3);
  expect(await lines("Parser")).toBe(1);
  expect(await lines("-i", "PARSER")).toBe(3);
  expect(await lines("-s", "parser")).toBe(2);
  expect(await lines("-w", "pars")).toBe(0);
});

test("only ids, only counts, and lines around", async () => {
  const cli = await twoSessions();
  expect((await cli.run("search", "-l", "race")).text).toBe(`claude-code:${IDS[1]}\nclaude-code:${IDS[0]}\n`);
  expect((await cli.run("search", "-c", "race")).text).toBe(
    `      2  claude-code:${IDS[1]}\n      1  claude-code:${IDS[0]}\n`,
  );
  const { counts, hits } = (await cli.run("search", "-c", "race", "--json")).json<SearchDocument>();
  expect([counts?.map(({ lines }) => lines), hits]).toEqual([[2, 1], []]);
  expect((await cli.run("search", "-l", "race")).stderr).toMatch(/^Found in 2 sessions;/);
  const listed = (await cli.run("search", "-l", "race", "--json")).json<SearchDocument>();
  expect([listed.hits.length, listed.searched.isComplete]).toEqual([2, true]);
  const some = await cli.run("search", "-l", "race", "--limit", "1", "--json");
  expect([some.json<SearchDocument>().searched.isComplete, some.stderr]).toEqual([
    false,
    expect.stringContaining("There may be more"),
  ]);
  const whole = await cli.run("search", "-l", "race", "--limit", "3");
  expect(whole.stderr).not.toContain("There may be more");
  const around = (await cli.run("search", "-C", "1", "there is")).text.split("\n").slice(1, -1);
  expect(around.map((line) => line.slice(0, 17))).toEqual([
    "     1- user     ",
    "     2: assistant",
    "     3- user     ",
  ]);
});

test("lines around hits are shown once, and what lies between is left out with a mark", async () => {
  const cli = await newCli();
  const texts = ["x one", "two", "x three", "four", "five", "six", "seven", "x eight", "x nine", "ten"];
  const lines = session(
    IDS[0],
    "2026-01-05",
    "app",
    texts.map((text) => ({ text })),
  );
  await writeFiles(cli.folder, { [`p/${IDS[0]}.jsonl`]: lines });
  await cli.run("import", "p");
  const { text } = await cli.run("search", "-C", "1", "-w", "x");
  const shown = text.split("\n").slice(1, -1);
  expect(shown.map((line) => /^ *(\d+[:-])/.exec(line)?.[1] ?? line)).toEqual([
    ...["1:", "2-", "3:", "4-", "--", "7-", "8:", "9:", "10-"],
  ]);
});

test("a phrase that is found nowhere is said to be one", async () => {
  const cli = await twoSessions();
  const run = await cli.run("search", "condition race");
  expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining("without quotes, they may stand apart")]);
  expect((await cli.run("search", "-F", "condition race")).stderr).not.toContain("quotes");
  expect((await cli.run("search", "nowhere")).stderr).not.toContain("quotes");
});

test("limits, filters and named sessions leave out the others, and say so", async () => {
  const cli = await twoSessions();
  const limited = await cli.run("search", "race", "--limit", "1");
  expect(limited.text.match(/^ +\d+:/gm)).toHaveLength(1);
  expect(limited.stderr).toContain("There may be more");
  const perSession = (await cli.run("search", "race", "-m", "1", "--json")).json<SearchDocument>();
  expect(perSession.hits.map(({ line }) => line)).toEqual([1, 2]);
  const filtered = await cli.run("search", "race", "--project", "app");
  expect(filtered.text).not.toContain(IDS[1]);
  expect(filtered.stderr).toContain("Not searched: 1 left out by filters.");
  const named = (await cli.run("search", "race", "--session", IDS[1].slice(0, 5), "--json")).json<SearchDocument>();
  expect(named.searched.sessions).toBe(1);
});

test("nothing found is 1, a wrong query 2, and what can't be searched is named", async () => {
  const cli = await twoSessions();
  const none = await cli.run("search", "nowhere");
  expect([none.exitCode, none.text]).toEqual([1, ""]);
  expect(none.stderr).toContain("Nothing found; searched");
  expect((await cli.run("search", "-E", "(")).exitCode).toBe(2);
  expect((await cli.run("search", " ")).exitCode).toBe(2);
  for (const flag of ["--limit", "-m"]) expect((await cli.run("search", "x", flag, "0")).exitCode).toBe(2);
  expect((await cli.run("search", "x", "--session", "nobody")).exitCode).toBe(1);
  expect((await cli.run("search", "x", "--agent", "nobody")).exitCode).toBe(2);
  expect((await cli.run("prune", "--max-total-bytes", "0", "--grace", "0")).exitCode).toBe(0);
  const pruned = await cli.run("search", "lock");
  expect(pruned.exitCode).toBe(1);
  expect(pruned.stderr).toContain("1 pruned");
});

test("a session whose archive is damaged, and was read all the same, is named once", async () => {
  const cli = await twoSessions();
  for await (const path of glob(join(cli.folder, "home/archives/**/*.gz"))) {
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0, 0, 1));
  }
  const { exitCode, text, stderr } = await cli.run("search", "lock");
  expect([exitCode, text]).toEqual([0, expect.stringContaining("then lock it")]);
  expect(stderr.match(/^warning: Session "claude-code:aaaa.* is damaged: .* header/gm)).toHaveLength(1);
  expect(stderr).toContain("1 session searched in spite of a damaged archive.");
  const { searched } = (await cli.run("search", "lock", "--json")).json<SearchDocument>();
  expect(searched).toMatchObject({
    sessions: 2,
    unreadable: [],
    damaged: [{ id: `claude-code:${IDS[0]}`, code: "CORRUPT" }],
  });
});

test("the document says what was asked and covered", async () => {
  const cli = await twoSessions();
  const document = (await cli.run("search", "--json", "then lock")).json<SearchDocument>();
  expect(document).toMatchObject({ schemaVersion: 1, kind: "search", query: ["then lock"] });
  expect(document.searched).toMatchObject({ sessions: 2, hits: 1, isComplete: true, unreadable: [] });
  expect(document.hits).toMatchObject([
    { state: "archived", agent: "claude-code", project: "app", file: "output", line: 3, role: "user" },
  ]);
  const empty = (await cli.run("search", "--json", "nowhere")).json<SearchDocument>();
  expect(empty.hits).toEqual([]);
});

describe("words of a shell", () => {
  test.each<[string[], Parameters<typeof queryOf>[1], string[]]>([
    [["a", "b"], {}, ["a", "b"]],
    [["a b"], {}, ["a b"]],
    [[' a "b c" d '], {}, ["a", "b c", "d"]],
    [['a "b'], { fixedStrings: true }, ['a "b']],
  ])("%j %j", (words, flags, texts) => {
    expect(queryOf(words, flags).terms.map((term) => (term.kind === "literal" ? term.text : term.source))).toEqual(
      texts,
    );
  });

  test("a phrase without an end is refused", () => {
    expect(() => queryOf(['"a b'], {})).toThrow(UsageError);
  });
});

test("the line about coverage has what there is to say", () => {
  const coverage = {
    ...{ sessions: 3, bytes: 2000, filteredOut: 4, pruned: 1, hits: 1, longLines: 2, isComplete: false },
    unreadable: [{ id: "x", code: "CORRUPT" as const, message: "damaged" }],
    damaged: [{ id: "y", code: "CORRUPT" as const, message: "its header" }],
  };
  expect(coverageText(coverage, { sessions: 1, isLimited: true, linesCounted: true })).toBe(
    "1 line found in 1 session; searched 2 kB of 3 sessions. There may be more: the search stopped at its limit." +
      " Not searched: 1 pruned, 1 that can't be read, or not whole, 4 left out by filters." +
      " 1 session searched in spite of a damaged archive." +
      " 2 very long lines searched in parts.",
  );
  const nothing = { ...coverage, hits: 0 };
  expect(coverageText(nothing, { sessions: 0, isLimited: false, linesCounted: true })).toMatch(
    /^Nothing found in what can be read; searched /,
  );
});
