/** `info`: every fact about sessions. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { expect, test } from "vitest";
import type { SessionDetails } from "../src/index.js";
import { formatSize } from "../src/output/sizes.js";
import { answered, asked, record } from "./support/claude-session.js";
import { newCli } from "./support/cli.js";
import { makeSessions, STATES } from "./support/reading.js";
import { transcript, writeFiles } from "./support/sessions.js";
import { linesOf } from "./support/shower.js";

test("describes sessions in every state, as JSON", async () => {
  const cli = await newCli();
  await makeSessions(cli);
  const [live, archived, resumed, pruned] = (await cli.run("info", ...STATES, "--json")).json<SessionDetails[]>();
  const raw = transcript(20, undefined, "live").length;
  expect(live).toMatchObject({ id: "live", state: "live", lineCount: 20, rawBytes: raw, liveBytes: raw });
  expect(live).toMatchObject({ archive: [], manifest: null, live: [{ name: "output", bytes: raw }], pinned: false });
  expect(archived).toMatchObject({ state: "archived", pinned: true, live: [], liveBytes: 0 });
  const [file] = archived?.archive ?? [];
  expect(file).toMatchObject({ name: "output", lineCount: 20, key: expect.stringMatching(/\.jsonl\.gz$/) });
  expect((file?.bytes ?? 0) + (archived?.manifest?.bytes ?? 0)).toBe(archived?.archiveBytes);
  expect(archived?.totalBytes).toBe(archived?.archiveBytes);
  expect(resumed).toMatchObject({ state: "resumed", lineCount: 25, resumedAt: expect.any(Number) });
  expect(pruned).toMatchObject({ state: "pruned", prunedAt: expect.any(Number), pruneReason: expect.any(String) });
  const source = { identity: "pruned", location: expect.stringMatching(/pruned\.jsonl$/) };
  expect(pruned?.meta).toMatchObject({ view: "agent", "session:source": source });
});

test("describes them in lines for people", async () => {
  const cli = await newCli();
  await makeSessions(cli);
  const { text } = await cli.run("info", "archived", "pruned");
  const [archived = "", pruned = ""] = text.split("\n\n");
  expect(archived).toMatch(
    /^Session {8}archived\nTitle {10}archived 0\n[\s\S]*\nState {10}archived, pinned\nLines {10}20\nRaw {12}[\d.]+ kB\n/,
  );
  expect(archived).toMatch(
    /\nArchive {8}[\d.]+ k?B\n {15}[\d.]+ k?B {2}\S+\.jsonl\.gz {2}\(output: .* kB, 20 lines\)\n/,
  );
  expect(archived).toMatch(/\nManifest {7}[\d.]+ k?B {2}in the archive's header\n/);
  expect(archived).toMatch(/\nMetadata {7}\S+: /);
  expect(pruned).toMatch(/\nTombstone {6}\d{4}-\d\d-\d\d \d\d:\d\d, \S/);
});

test("shows each archive file of a session that lies in several", async () => {
  const cli = await newCli();
  for (const lines of [1000, 2000]) {
    await writeFiles(cli.folder, { "p/s.jsonl": transcript(2000).split("\n").slice(0, lines).join("\n") });
    await cli.run("import", "p");
    await cli.run("archive", "s");
  }
  const [{ archive }] = (await cli.run("info", "s", "--json")).json<[SessionDetails]>();
  const [first, second] = archive[0]?.parts ?? [];
  const { text } = await cli.run("info", "s");
  expect(text).toContain(` ${formatSize(first?.bytes ?? 0)}  ${first?.key}  (output in 2 parts: `);
  expect(text).toContain(` ${formatSize(second?.bytes ?? 0)}  ${second?.key}\n`);
  await rm(join(cli.folder, "home/archives", second?.key ?? ""));
  expect((await cli.run("info", "s")).text).toContain(` missing  ${second?.key}\n`);
});

test("says first what the session was about, and for programs besides what was extracted", async () => {
  const cli = await newCli();
  const usage = { input_tokens: 10, output_tokens: 2000, cache_read_input_tokens: 1500 };
  const message = { role: "assistant", model: "claude-opus-4-5", content: [{ type: "text", text: "I do" }], usage };
  const lines = [asked("Fix it"), answered("Which?"), asked("That"), record({ type: "assistant", message })];
  await writeFiles(cli.folder, { "s.jsonl": linesOf(lines) });
  await cli.run("import", "s.jsonl");
  const { text } = await cli.run("info", "c1");
  expect(text.split("\n").slice(0, 10)).toEqual([
    "Session        claude-code:c1",
    "Title          Fix it",
    "Agent          claude-code",
    "Project        app, in /w/app",
    "Branch         main",
    expect.stringMatching(/^Models {9}.*claude-opus-4-5/),
    "Messages       2 from you, 2 answers",
    expect.stringMatching(/^Tokens {9}.*K tokens in .*, .* out$/),
    "State          live",
    "Lines          4",
  ]);
  expect(text).not.toContain("session:facts");
  const [details] = (await cli.run("info", "c1", "--json")).json<SessionDetails[]>();
  expect(details).toMatchObject({ title: "Fix it", agent: "claude-code", project: "app", branch: "main" });
  expect(details).toMatchObject({ messages: { user: 2, assistant: 2 }, parentId: null });
  expect(details?.meta["session:facts"]).toBeDefined();
});

test("says what is missing, what was purged, and what is pinned", async () => {
  const cli = await newCli();
  await makeSessions(cli);
  await cli.run("prune", "--grace", "0");
  expect((await cli.run("info", "pruned")).text).toMatch(/\nGiven up {7}\d{4}-.*, for good\n/);
  const [gone] = (await cli.run("info", "pruned", "--json")).json<SessionDetails[]>();
  expect(gone).toMatchObject({ purgedAt: expect.any(Number), lostBytes: null, archive: [], archiveBytes: 0 });
  expect(gone?.rawBytes).toBeGreaterThan(0);
  await writeFiles(cli.folder, { "p/pruned.jsonl": transcript(20, undefined, "pruned") + transcript(5) });
  await cli.run("import", "p/pruned.jsonl");
  const [revived] = (await cli.run("info", "pruned", "--json")).json<SessionDetails[]>();
  expect(revived).toMatchObject({ state: "live", purgedAt: null, lostBytes: gone?.rawBytes });
  const [{ archive }] = (await cli.run("info", "archived", "--json")).json<[SessionDetails]>();
  await rm(join(cli.folder, "home/archives"), { recursive: true });
  expect((await cli.run("info", "archived")).text).toContain(`missing  ${archive[0]?.key}  (output`);
});

test("goes on after an unknown id, and lets no text control the terminal", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, { "s.jsonl": transcript(3) });
  await cli.run("import", "s.jsonl");
  const hostile = "\u001b[31mred\u202e";
  {
    await using store = await openSqlite(join(cli.folder, "home/sessions.db"));
    await store.objects.put(hostile, { view: "agent", [hostile]: hostile, "session:prune_reason": hostile }, null);
  }
  const { exitCode, text, stderr } = await cli.run("info", "nobody", hostile, "s");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("nobody");
  expect(text).toContain("Session        s\n");
  expect(text).toContain("\\u{1b}[31mred\\u{202e}");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them
  expect(text).not.toMatch(/[\u001b\u202e]/);
  const all = (await cli.run("info", "nobody", "s", "--json")).json<unknown[]>();
  expect(all).toEqual([
    expect.objectContaining({ id: "nobody", code: "NOT_FOUND" }),
    expect.objectContaining({ id: "s" }),
  ]);
});
