/** `show` as a command: sessions in every state, ids, usage and JSON. */
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ShownDocument } from "../../src/index.js";
import { makeClaude, newAgents, UUIDS } from "../support/agents.js";
import { answered, asked, called, returned } from "../support/claude-session.js";
import { type Cli, newCli } from "../support/cli.js";
import { makeSessions } from "../support/reading.js";
import { writeFiles } from "../support/sessions.js";
import { linesOf } from "../support/shower.js";

const bodyOf = (text: string): string => text.slice(text.indexOf("\n\n"));

describe("in every state", () => {
  test("live, archived and resumed sessions look the same", async () => {
    const cli = await newCli();
    const first = linesOf([asked("Fix it"), answered("I do"), called("t", "Bash", { command: "ls" })]);
    const second = linesOf([returned("t", "a\nb"), asked("And then?"), answered("Done")]);
    await writeFiles(cli.folder, { "s.jsonl": first + second });
    await cli.run("import", "s.jsonl");
    const live = await cli.run("show", "c1");
    expect(live).toMatchObject({ exitCode: 0, stderr: "" });
    expect(live.text).toMatch(/⏺ Bash: ls {2}2 lines {2}#3\n/);
    await cli.run("archive", "c1");
    const archived = await cli.run("show", "c1");
    expect(archived.text).toContain("\narchived ");
    expect(bodyOf(archived.text)).toBe(bodyOf(live.text));

    const other = await newCli();
    await writeFiles(other.folder, { "s.jsonl": first });
    await other.run("import", "s.jsonl");
    await other.run("archive", "c1");
    await writeFiles(other.folder, { "s.jsonl": first + second });
    await other.run("import", "s.jsonl");
    const resumed = await other.run("show", "c1");
    expect(resumed.text).toContain("\nresumed ");
    expect(bodyOf(resumed.text)).toBe(bodyOf(live.text));
    for (const words of [["--last"], ["--turns", "2"], ["--line", "4"]])
      expect(bodyOf((await other.run("show", "c1", ...words)).text)).toBe(
        bodyOf((await cli.run("show", "c1", ...words)).text),
      );
  });

  test("a pruned one says what it was, and until when it can be had back", async () => {
    const cli = await newCli();
    await makeSessions(cli);
    const { exitCode, text, stderr } = await cli.run("show", "pruned");
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^pruned 0\npruned {2}|\npruned \d{4}-\d\d-\d\d \d\d:\d\d, can be undone until \d{4}-/);
    expect(stderr).toMatch(
      /^failed: Session "pruned" was pruned\. `session-archiver undo-prune` takes that back\. \[PRUNED\]\n$/,
    );
    const document = await cli.run("show", "pruned", "--json");
    expect(document.exitCode).toBe(1);
    expect(document.json()).toMatchObject({
      ...{ schemaVersion: 1, kind: "show", messages: [], window: null },
      session: { id: "pruned", state: "pruned", undoableUntil: expect.any(Number) },
      error: { code: "PRUNED", id: "pruned" },
    });
    await cli.run("prune", "--grace", "0");
    expect((await cli.run("show", "pruned")).text).toContain("its bytes are gone for good");
  });

  test("a session in its agent's folder shows its other files as well", async () => {
    const cli = await newAgents();
    const [uuid = ""] = UUIDS;
    await makeClaude(cli, uuid);
    await cli.run("sweep", "--source", "claude-code", "--keep-originals", "--yes");
    const { text } = await cli.run("show", uuid);
    expect(text).toMatch(/\nmirrored /);
    expect(text).toMatch(/\nFiles\n {2}subagents\/agent-0123456789abcdef0\.jsonl \([\d.]+ kB\)\n/);
    const agent = await cli.run("show", uuid, "--file", "0123456789abcdef0.jsonl", "--last", "1");
    expect(agent.text).toMatch(/\nShown\n {2}subagents\/agent-0123456789abcdef0\.jsonl\n\n#20 user /);
    const result = await cli.run("show", uuid, "--file", "result.txt", "--lines", "1:2");
    expect(bodyOf(result.text)).toBe("\n\na large result\na large result\n");
    const wrong = await cli.run("show", uuid, "--file", "agent");
    expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('several files "agent"') });
  });
});

describe("of a damaged archive", () => {
  async function damaged(lines: number, place: (size: number) => number): Promise<Cli> {
    const cli = await newCli();
    const turns = Array.from({ length: lines }, (_, i) => asked(`turn ${i + 1} ${(i * 2654435761) % 1e9}`));
    await writeFiles(cli.folder, { "s.jsonl": linesOf(turns) });
    await cli.run("import", "s.jsonl");
    await cli.run("archive", "c1");
    for await (const path of glob(join(cli.folder, "home/archives/**/*.jsonl.gz"))) {
      const bytes = await readFile(path);
      const at = place(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      await writeFile(path, bytes);
    }
    return cli;
  }

  test.each([3, 9000])(
    "everything is shown if only its header is wrong, and that is said (%i lines)",
    async (lines) => {
      const cli = await damaged(lines, () => 3);
      for (const words of [[], ["--lines", "1:3"], ["--limit", "3"]]) {
        const { exitCode, text, stderr } = await cli.run("show", "c1", ...words);
        expect(text.match(/^ {2}turn \d+ /gm)).toHaveLength(words.length === 0 ? lines : 3);
        expect([exitCode, stderr.match(/does not start with the header/g)]).toEqual([
          1,
          ["does not start with the header"],
        ]);
        expect(stderr).toMatch(/\nfailed: read past the damage of ".*"\. `session-archiver doctor` .*\[CORRUPT\]\n$/);
      }
      const { exitCode, json } = await cli.run("show", "c1", "--json");
      expect(exitCode).toBe(1);
      const document = json<ShownDocument>();
      expect(document.messages).toHaveLength(Math.min(lines, 50));
      expect(document).toMatchObject({ window: { total: lines }, error: { code: "CORRUPT", id: "claude-code:c1" } });
    },
  );

  test("what comes before damaged bytes is shown", async () => {
    const cli = await damaged(9000, (size) => size - 2000);
    const { exitCode, text, stderr } = await cli.run("show", "c1");
    expect(text.match(/^ {2}turn \d+ /gm)?.length).toBeGreaterThan(1000);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("damaged segment")]);
  });
});

describe("which session", () => {
  test("--last alone is the newest one; with an id, its last turn", async () => {
    const cli = await newCli();
    const old = linesOf([asked("old one", { sessionId: "old" }), answered("old answer", { sessionId: "old" })]);
    const late = { sessionId: "new", timestamp: "2026-03-01T00:00:00Z" };
    const recent = linesOf([asked("first", late), asked("second", late), answered("new answer", late)]);
    await writeFiles(cli.folder, { "p/a.jsonl": recent, "p/b.jsonl": old });
    await cli.run("import", "p");
    const newest = await cli.run("show", "--last");
    expect(newest.text).toContain("claude-code:new\n");
    expect(bodyOf(newest.text)).toMatch(/\n {2}first\n[\s\S]*\n {2}second\n/);
    const turn = await cli.run("show", "--last", "1");
    expect(turn.text).toContain("claude-code:new\n");
    expect(bodyOf(turn.text)).not.toContain("\n  first\n");
    const one = await cli.run("show", "new", "--last");
    expect(bodyOf(one.text)).toBe(bodyOf(turn.text));
    const here = await cli.run("show", "--agent", "claude", "--project", "app");
    expect(here.text).toBe(newest.text);
    expect(await cli.run("show", "--project", "elsewhere")).toMatchObject({ exitCode: 1, text: "" });
    expect((await cli.run("show", "o")).text).toContain("old answer");
    expect(await cli.run("show", "nobody")).toMatchObject({ exitCode: 1, text: "" });
  });

  test.each([
    ["show"],
    ["show", "a", "-C", "3"],
    ["show", "a", "--line", "0"],
    ["show", "a", "--line", "1", "--turns", "1"],
    ["show", "a", "--lines", "1:2", "--last"],
    ["show", "a", "--turns", "5-2"],
    ["show", "a", "--turns", "0"],
    ["show", "a", "--turns", "-"],
    ["show", "--last", "a"],
    ["show", "a", "--project", "."],
    ["show", "a", "--color", "sometimes"],
  ])("wrong usage: %s %s %s %s %s", async (...words) => {
    const cli = await newCli();
    expect(await cli.run(...words.filter((word) => word !== undefined))).toMatchObject({ exitCode: 2, text: "" });
  });
});

describe("as JSON", () => {
  const SECRET = "reasoning";

  async function documented(...words: string[]): Promise<ShownDocument> {
    const cli = await newCli();
    const turns = Array.from({ length: 60 }, (_, i) => [asked(`turn ${i + 1}`), answered(`answer ${i + 1}`)]).flat();
    const start = [
      answered([{ type: "thinking", thinking: SECRET }]),
      called("t", "Bash", { command: "ls -a" }),
      returned("t", "y".repeat(30_000)),
    ];
    await writeFiles(cli.folder, { "s.jsonl": linesOf([...start, ...turns]) });
    await cli.run("import", "s.jsonl");
    const { exitCode, stdout } = await cli.run("show", "c1", "--json", ...words);
    expect(exitCode).toBe(0);
    return JSON.parse(stdout.toString()) as ShownDocument;
  }

  test("is an envelope with what is known, 50 messages, and where the next begins", async () => {
    const { schemaVersion, kind, session, messages, window } = await documented();
    expect([schemaVersion, kind]).toEqual([1, "show"]);
    expect(session).toMatchObject({ id: "claude-code:c1", agent: "claude-code", project: "app", state: "live" });
    expect(messages).toHaveLength(50);
    expect(messages[0]).toMatchObject({
      ...{ line: 2, role: "assistant", text: "", thinking: "", flaw: null, truncated: false },
      tools: [{ line: 2, name: "Bash", summary: "ls -a", note: "1 line", failed: false, input: null, result: null }],
    });
    expect(messages[1]).toMatchObject({ line: 4, role: "user", at: expect.any(Number), text: "turn 1", tools: [] });
    expect(window).toEqual({ from: 2, to: 52, total: 123, next: 53 });
    expect(JSON.stringify(messages)).not.toContain(SECRET);
  });

  test("goes on where the last one ended, to the end", async () => {
    const { messages, window } = await documented("--lines", "53:", "--limit", "1000");
    expect([messages[0]?.line, messages.at(-1)?.line]).toEqual([53, 123]);
    expect(window).toEqual({ from: 53, to: 123, total: 123, next: null });
  });

  test("cuts long texts, and says so, unless all is wanted", async () => {
    const [cut] = (await documented("--tools", "--limit", "1")).messages;
    expect([cut?.truncated, cut?.tools[0]?.result?.length, cut?.tools[0]?.input]).toEqual([true, 20_000, "ls -a"]);
    const [thought, whole] = (await documented("--full", "--limit", "2")).messages;
    expect(thought?.thinking).toBe(SECRET);
    expect([whole?.truncated, whole?.tools[0]?.result?.length]).toEqual([false, 30_000]);
  });

  test("holds the messages of a window", async () => {
    expect((await documented("--turns", "60")).messages.map(({ text }) => text)).toEqual(["turn 60", "answer 60"]);
    expect((await documented("--last", "2")).messages.map(({ line }) => line)).toEqual([120, 121, 122, 123]);
  });
});
