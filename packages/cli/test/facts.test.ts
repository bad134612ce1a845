/** What lists show of sessions: noted at first sight, kept as long as the session is, and got again. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { createArchiver } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { expect, test } from "vitest";
import type { ListedSession } from "../src/index.js";
import { claudeLines, makeClaude, newAgents, put, UUIDS } from "./support/agents.js";
import { type Cli, newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { writeFiles } from "./support/sessions.js";

const ID = "claude-code:4f9c8a21-0000-4000-8000-000000000001";
const NATIVE = ID.slice(ID.indexOf(":") + 1);

/** Lines of Claude Code: two messages, in a folder and on a branch. */
function lines(more: Record<string, unknown> = {}, native: string = NATIVE): string {
  const common = { sessionId: native, cwd: "/home/me/app", gitBranch: "main", version: "2.0.0", ...more };
  const user = { role: "user", content: "Fix the lamp" };
  const usage = { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 3, cache_creation_input_tokens: 4 };
  const answer = {
    id: "m1",
    role: "assistant",
    model: "claude-opus-4-5",
    usage,
    content: [{ type: "text", text: "Done" }],
  };
  return [
    { ...common, type: "user", uuid: "u1", timestamp: "2026-01-05T10:00:00Z", message: user },
    { ...common, type: "assistant", uuid: "u2", timestamp: "2026-01-05T10:01:00Z", message: answer },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

const FACTS: Partial<ListedSession> = {
  id: ID,
  shortId: "4f9c8a21",
  agent: "claude-code",
  title: "Fix the lamp",
  project: "app",
  cwd: "/home/me/app",
  branch: "main",
  models: ["claude-opus-4-5"],
  messages: { user: 1, assistant: 1 },
  tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
  startedAt: Date.UTC(2026, 0, 5, 10),
  lastActivityMs: Date.UTC(2026, 0, 5, 10, 1),
};

async function listed(cli: Cli): Promise<ListedSession | undefined> {
  return (await listAll(cli)).find(({ id }) => id === ID);
}

async function importedCli(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { [`p/${NATIVE}.jsonl`]: lines() });
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  return cli;
}

/** A session as a host records it, without anybody having described it. */
async function recordedCli(text = lines()): Promise<Cli> {
  const cli = await importedCli();
  await cli.run("forget", ID, "--yes");
  await cli.run("forget", "--undo", ID);
  await inStore(cli, async (archiver) => {
    const recorder = archiver.recorder(ID, { create: { view: "agent" } });
    await recorder.append(text);
    await recorder.close();
  });
  return cli;
}

async function inStore(cli: Cli, work: (archiver: ReturnType<typeof createArchiver>) => Promise<void>): Promise<void> {
  const store = await openSqlite(join(cli.folder, "home", "sessions.db"));
  await work(createArchiver(store));
  await store.close();
}

test("are noted by an import, and outlive archiving, a prune and the end of its grace period", async () => {
  const cli = await importedCli();
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "live" });
  await cli.run("archive", ID);
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "archived" });
  await cli.run("prune", "--max-total-bytes", "0");
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "pruned" });
  await cli.run("prune", "--grace", "0");
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "pruned", undoableUntil: null });
  expect((await cli.run("list")).text).toMatch(/^pruned +\S+ +claude-code +app +main +2 .* Fix the lamp +4f9c8a21$/m);
});

test("come back with a rebuild, also those of a pruned session", async () => {
  const cli = await importedCli();
  await cli.run("archive", ID);
  await rm(join(cli.folder, "home/sessions.db"));
  await cli.run("rebuild");
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "archived" });
  await cli.run("prune", "--max-total-bytes", "0");
  await rm(join(cli.folder, "home/sessions.db"));
  await cli.run("rebuild");
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "pruned" });
});

test("go with forget, from lists and from the files", async () => {
  const cli = await importedCli();
  await cli.run("archive", ID);
  await cli.run("forget", ID, "--yes");
  const nothing = { state: "pruned", agent: null, title: null, cwd: null, messages: null, models: [] };
  expect(await listed(cli)).toMatchObject(nothing);
  const database = await readFile(join(cli.folder, "home/sessions.db"));
  for (const word of ["Fix the lamp", "/home/me/app"]) expect(database.includes(word)).toBe(false);
});

test("of a session that a host recorded are missing until it is archived, or `facts` extracts them", async () => {
  const cli = await recordedCli();
  const list = await cli.run("list");
  expect(list.text).toMatch(/^live +\S+ +- +- +- +- .* - +4f9c8a21$/m);
  expect(list.stderr).toBe("1 session without facts: `session-archiver facts` extracts them\n");
  expect(await listed(cli)).toMatchObject({ agent: null, title: null, messages: null });
  expect((await cli.run("facts")).text).toBe("Facts of 1 session noted.\n");
  expect(await listed(cli)).toMatchObject({ agent: "claude-code", title: "Fix the lamp", messages: FACTS.messages });
  expect((await cli.run("list")).stderr).toBe("");
  expect((await cli.run("facts")).text).toBe("No session lacks facts.\n");

  const other = await recordedCli();
  await other.run("archive", ID);
  expect(await listed(other)).toMatchObject({ agent: "claude-code", title: "Fix the lamp" });
});

test("that describe less than the session holds by now go on to its end", async () => {
  const cli = await recordedCli();
  await cli.run("facts");
  await inStore(cli, async (archiver) => {
    await archiver.recorder(ID).append(lines().replaceAll('"m1"', '"m2"'));
    await archiver.settle(ID, { recount: true });
  });
  expect((await cli.run("facts", "--json")).json()).toEqual({
    schemaVersion: 1,
    kind: "facts",
    sessions: [{ id: ID, outcome: "described" }],
  });
  expect(await listed(cli)).toMatchObject({ messages: { user: 2, assistant: 2 } });
});

/** Puts other facts in the place of those noted, as an older extractor would have. */
async function withFacts(cli: Cli, change: (facts: Record<string, unknown>) => object, id: string = ID): Promise<void> {
  const store = await openSqlite(join(cli.folder, "home", "sessions.db"));
  const object = await store.objects.get(id);
  const facts = object?.meta[KEY.facts] as Record<string, unknown>;
  await store.objects.put(id, { ...object?.meta, [KEY.facts]: change(facts) as never }, object?.version ?? null);
  await store.close();
}

test("of an older extractor are extracted anew, of this one on request, also of an archived session", async () => {
  const cli = await importedCli();
  await cli.run("archive", ID);
  await withFacts(cli, (facts) => ({ ...facts, version: 0, values: { title: "Old" } }));
  expect((await cli.run("facts")).text).toBe("Facts of 1 session noted.\n");
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "archived" });
  await withFacts(cli, (facts) => ({ ...facts, values: { title: "Wrong" } }));
  expect((await cli.run("facts")).text).toBe("No session lacks facts.\n");
  expect(await listed(cli)).toMatchObject({ title: "Wrong" });
  expect((await cli.run("facts", "--refresh", "--agent", "codex")).text).toBe("No session lacks facts.\n");
  expect((await cli.run("facts", "--refresh", "--min-size", "1")).text).toBe("Facts of 1 session noted.\n");
  await rm(join(cli.folder, "home/sessions.db"));
  await cli.run("rebuild");
  expect(await listed(cli)).toMatchObject({ ...FACTS, state: "archived" });
  expect((await cli.run("verify")).exitCode).toBe(0);
  expect((await cli.run("facts", ID)).text).toBe("Facts of 0 sessions noted (1 had them already).\n");
});

test("of a pruned session can't be extracted: it fails where it is named, and is left out otherwise", async () => {
  const cli = await importedCli();
  await cli.run("archive", ID);
  await cli.run("prune", "--max-total-bytes", "0");
  expect((await cli.run("facts", "--refresh")).text).toBe("No session lacks facts.\n");
  const named = await cli.run("facts", ID, "--json");
  expect(named.exitCode).toBe(1);
  expect(named.json()).toMatchObject({ kind: "facts", sessions: [{ id: ID, code: "PRUNED" }] });
});

test("of a session whose archive is missing: the error names it, and what to do", async () => {
  const cli = await importedCli();
  expect((await cli.run("archive", ID)).exitCode).toBe(0);
  await rm(join(cli.folder, "home/archives"), { recursive: true });
  const { exitCode, text, stderr } = await cli.run("facts", "--refresh");
  expect([exitCode, text]).toEqual([1, "No facts were noted.\n"]);
  expect(stderr).toMatch(
    /^failed: .* is damaged: There is no archive ".*\.gz"\. `session-archiver doctor` says .*\[CORRUPT\]$/m,
  );
  expect(stderr).not.toContain("shows the ids");
});

test("of a mirrored unit are those of the session, not of its subagents, and follow what its agent adds", async () => {
  const cli = await newAgents();
  const [uuid = ""] = UUIDS;
  const path = await makeClaude(cli, uuid, { lines: 3, cwd: "/home/me/app" });
  const mirror = ["sweep", "--source", "claude-code", "--keep-originals", "--yes"];
  expect((await cli.run(...mirror)).exitCode).toBe(0);
  const its = { state: "mirrored", project: "app", title: "turn 0", children: 0 };
  expect(await listAll(cli)).toMatchObject([{ ...its, messages: { user: 3, assistant: 0 } }]);
  await withFacts(cli, () => ({ by: "x", version: 1, values: {} }), `claude-code:${uuid}`);
  expect((await cli.run("facts")).text).toBe("Facts of 1 session noted.\n");
  expect(await listAll(cli)).toMatchObject([{ ...its, messages: { user: 3, assistant: 0 } }]);
  expect((await cli.run("verify")).exitCode).toBe(0);
  await put(path, claudeLines(uuid, 5, "/home/me/app"), 0o600, 9);
  expect((await cli.run(...mirror)).exitCode).toBe(0);
  expect(await listAll(cli)).toMatchObject([{ ...its, messages: { user: 5, assistant: 0 } }]);
});

test("of any shape never control the terminal, nor break rows", async () => {
  const cli = await importedCli();
  const nasty = "a\u001b[31m\tb\nc\u202e\u{9d}8;;x";
  await withFacts(cli, (facts) => ({
    ...facts,
    values: { agent: nasty, title: nasty, cwd: `/x/${nasty}`, branch: nasty, models: [nasty, 1], messages: "many" },
  }));
  for (const words of [
    ["list"],
    ["list", "--wide"],
    ["list", "--format", "tsv"],
    ["list", "--json"],
    ["list", "--sort", "title"],
  ]) {
    const { text, exitCode } = await cli.run(...words);
    expect(exitCode).toBe(0);
    expect(text.replaceAll(/[\t\n]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    if (!words.includes("--json")) expect(text.trimEnd().split("\n")).toHaveLength(2);
  }
  expect((await listed(cli))?.title).toBe(nasty);
});
