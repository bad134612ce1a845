/** Every command on every kind of store: its effect, and the shape of its JSON. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ListedSession } from "../src/index.js";
import { type Cli, newCli, newEmptyStore } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { DAY_MS, transcript, writeFiles } from "./support/sessions.js";

const STORES = [
  ["the defaults", []],
  ["one database", ["--store", "sqlite:all.db", "--archives", "sqlite:all.db"]],
  ["one folder", ["--store", "fs:all", "--archives", "fs:all"]],
  ["folders", ["--store", "fs:live", "--archives", "fs:archives"]],
] as const;

const OLD = Date.UTC(2026, 0, 1);

/** Three idle sessions and one that is active. */
async function filledCli(always: readonly string[] = []): Promise<Cli> {
  const cli = await newCli(...always);
  await writeFiles(cli.folder, {
    "p/a.jsonl": transcript(100, OLD),
    "p/b.jsonl": transcript(200, OLD + DAY_MS),
    "p/c/d.jsonl": transcript(300, OLD + 2 * DAY_MS),
    "p/now.jsonl": transcript(10, Date.now()),
  });
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  return cli;
}

async function states(cli: Cli): Promise<Record<string, string>> {
  const sessions = await listAll(cli);
  return Object.fromEntries(sessions.map(({ id, state }) => [id, state]));
}

describe.each(STORES)("with %s", (_, always) => {
  test("goes through a session's life", async () => {
    const cli = await filledCli(always);
    const original = transcript(300, OLD + 2 * DAY_MS);
    // Only plain files can tell, and only if the archives are such, too.
    const onDisk = always.join().startsWith("--store,fs:") ? { diskBytesFreed: expect.any(Number) } : {};

    const dryRun = await cli.run("sweep", "--dry-run", "--json");
    expect(dryRun.json()).toMatchObject({ archivedCount: 3, failedCount: 0, plan: expect.any(Array) });
    expect(await states(cli)).toEqual({ a: "live", b: "live", "c/d": "live", now: "live" });

    const swept = await cli.run("sweep", "--json");
    expect(swept.exitCode).toBe(0);
    expect(swept.json()).toEqual({
      archivedCount: 3,
      prunedCount: 0,
      purgedCount: 0,
      skippedCount: 0,
      failedCount: 0,
      liveBytesFreed: transcript(100).length + transcript(200).length + original.length,
      archiveBytesAdded: expect.any(Number),
      archiveBytesFreed: 0,
      ...onDisk,
      unknownCount: 0,
      unknownBytes: 0,
      failures: [],
      refused: null,
    });
    expect(await states(cli)).toEqual({ a: "archived", b: "archived", "c/d": "archived", now: "live" });

    const listed = await listAll(cli);
    expect(listed.map(({ id }) => id)).toEqual(["now", "c/d", "b", "a"]);
    expect(listed[1]).toMatchObject({
      id: "c/d",
      state: "archived",
      lineCount: 300,
      rawBytes: original.length,
      liveBytes: expect.any(Number),
      archiveBytes: expect.any(Number),
      totalBytes: expect.any(Number),
      lastActivityMs: OLD + 2 * DAY_MS,
      archivedAt: expect.any(Number),
      archiveKey: expect.stringMatching(/^[0-9a-z]+\/[0-9a-f]{2}\/c\/d\..*\.jsonl\.gz$/),
      pinned: false,
      undoableUntil: null,
    });
    expect((await cli.run("cat", "c/d")).text).toBe(original);
    expect((await cli.run("verify", "--json")).json()).toMatchObject({ checked: 4, bad: [] });

    const restored = await cli.run("restore", "c/d", "--json");
    expect(restored.json()).toEqual([
      { id: "c/d", rawBytes: original.length, archiveBytes: expect.any(Number), files: null },
    ]);
    expect((await cli.run("cat", "c/d")).text).toBe(original);
    expect((await cli.run("gc", "--json")).json()).toEqual({
      keys: [],
      archiveBytesFreed: 0,
      unknown: { count: 0, bytes: 0, keys: [] },
      refused: null,
    });
    const planned = (await cli.run("gc", "--grace", "0", "--dry-run", "--json")).json();
    const collected = (await cli.run("gc", "--grace", "0", "--json")).json<{ keys: readonly string[] }>();
    expect(collected).toEqual(planned);
    expect(collected.keys).toHaveLength(2);

    const archived = await cli.run("archive", "c/d", "now", "now", "--json");
    expect(archived.exitCode).toBe(0);
    expect(archived.json()).toEqual([
      {
        id: "c/d",
        outcome: "archived",
        rawBytes: original.length,
        archiveBytes: expect.any(Number),
        archiveBytesAdded: expect.any(Number),
        liveBytesFreed: original.length,
        ...onDisk,
        archivedAt: expect.any(Number),
      },
      expect.objectContaining({ id: "now", outcome: "archived" }),
      expect.objectContaining({ id: "now", outcome: "unchanged" }),
    ]);

    const pruned = await cli.run("prune", "--max-total-bytes", "0", "--json");
    expect(pruned.json()).toMatchObject({ prunedCount: 4, failedCount: 0, archiveBytesFreed: 0, failures: [] });
    const refused = await cli.run("cat", "c/d", "--json");
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({ error: { code: "PRUNED", id: "c/d" } });
    expect((await cli.run("undo-prune", "c/d", "--json")).json()).toEqual([{ id: "c/d", state: "archived" }]);
    expect((await cli.run("cat", "c/d")).text).toBe(original);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });
});

describe("restore", () => {
  test("of a live session fails, and the others are restored", async () => {
    const cli = await filledCli();
    await cli.run("archive", "b");
    const run = await cli.run("restore", "a", "b", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toEqual([
      { id: "a", code: "INVALID_ARGUMENT", message: expect.stringContaining("not archived") },
      { id: "b", rawBytes: transcript(200).length, archiveBytes: expect.any(Number), files: null },
    ]);
  });
});

describe("sweep", () => {
  test("uses the given days, and skips pinned sessions", async () => {
    const cli = await filledCli();
    expect((await cli.run("pin", "a", "--json")).json()).toEqual([{ id: "a", pinned: true }]);
    expect((await cli.run("sweep", "--inactive-days", "100000", "--json")).json()).toMatchObject({ archivedCount: 0 });
    const all = await cli.run("sweep", "--inactive-days", "0", "--json");
    expect(all.json()).toMatchObject({ archivedCount: 3, skippedCount: 1 });
    expect(await states(cli)).toMatchObject({ a: "live", now: "archived" });
    expect((await cli.run("list")).text).toContain("live*");
    expect((await cli.run("list", "--wide")).text).toContain("live, pinned");
    expect((await cli.run("unpin", "a", "--json")).json()).toEqual([{ id: "a", pinned: false }]);
    expect((await cli.run("sweep", "--json")).json()).toMatchObject({ archivedCount: 1, skippedCount: 0 });
  });

  test("prunes only on request, down to the given size, and purges nothing yet", async () => {
    const cli = await filledCli();
    expect((await cli.run("sweep", "--json")).json()).toMatchObject({ archivedCount: 3, prunedCount: 0 });
    const dryRun = await cli.run("sweep", "--max-total-bytes", "0", "--dry-run", "--json");
    expect(dryRun.json()).toMatchObject({
      prunedCount: 3,
      archiveBytesFreed: 0,
    });
    // The one that has been inactive for longest comes first.
    const plan = (dryRun.json() as { plan: { action: string; id: string }[] }).plan;
    expect(plan.map(({ action, id }) => `${action} ${id}`)).toEqual(["prune a", "prune b", "prune c/d"]);
    expect(Object.values(await states(cli))).not.toContain("pruned");
    const later = { now: () => Date.now() + 365 * DAY_MS };
    const pruned = await cli.run("sweep", "--max-total-bytes", "0", "--json");
    expect(pruned.json()).toMatchObject({ prunedCount: 3, purgedCount: 0, archiveBytesFreed: 0 });
    const again = await cli.runWith(later, "sweep", "--max-total-bytes", "0", "--json");
    expect(again.json()).toMatchObject({ archivedCount: 1, archiveBytesFreed: 0 });
    expect((await cli.run("undo-prune", "a", "b", "c/d")).exitCode).toBe(0);
  });

  test("reports a session that fails, and archives the others", async () => {
    const cli = await filledCli();
    // An id this long leaves no room for an archive's key.
    const id = Array.from({ length: 4 }, () => "d".repeat(243)).join("/");
    await writeFiles(cli.folder, { [`q/${id}.jsonl`]: transcript(1, OLD) });
    await cli.run("import", "q");
    const run = await cli.run("sweep", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({
      archivedCount: 3,
      failedCount: 1,
      failures: [{ id, code: "INVALID_ARGUMENT" }],
    });
    expect(run.stderr).toContain("failed: ddd");
  });
});

describe("prune", () => {
  test("without limits purges only sessions whose grace period is over", async () => {
    const cli = await filledCli();
    await cli.run("sweep");
    expect((await cli.run("prune", "--json")).json()).toMatchObject({ prunedCount: 0, archiveBytesFreed: 0 });
    await cli.run("prune", "--max-total-bytes", "0");
    expect((await cli.run("prune", "--json")).json()).toMatchObject({ prunedCount: 0, archiveBytesFreed: 0 });

    const later = { now: () => Date.now() + 8 * DAY_MS };
    const kept = await cli.runWith(later, "prune", "--grace", "30", "--json");
    expect(kept.json()).toMatchObject({ archiveBytesFreed: 0 });
    const dryRun = (await cli.runWith(later, "prune", "--dry-run", "--json")).json<{ archiveBytesFreed: number }>();
    expect(dryRun).toMatchObject({
      prunedCount: 0,
      purgedCount: 3,
      plan: [{ action: "purge" }, { action: "purge" }, { action: "purge" }],
    });
    const run = await cli.runWith(later, "prune", "--json");
    const { archiveBytesFreed } = dryRun;
    expect(run.json()).toMatchObject({ prunedCount: 0, purgedCount: 3, archiveBytesFreed });
    expect(run.stderr).toContain("gave up the bytes of c/d");

    const undone = await cli.run("undo-prune", "a", "--json");
    expect(undone.exitCode).toBe(1);
    expect(undone.json()).toMatchObject([{ id: "a", code: "PRUNED" }]);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  test("prunes the oldest archives, by size or age, never pinned ones", async () => {
    const cli = await filledCli();
    await cli.runWith({ now: () => Date.now() - 20 * DAY_MS }, "archive", "a");
    await cli.runWith({ now: () => Date.now() - 10 * DAY_MS }, "archive", "b");
    await cli.run("archive", "c/d");
    await cli.run("pin", "a");
    const aged = await cli.run("prune", "--older-than", "5", "--by", "archived", "--dry-run", "--json");
    expect(aged.json()).toMatchObject({ prunedCount: 1, plan: [{ id: "b", action: "prune" }] });
    await cli.run("unpin", "a");
    const atOnce = ["prune", "--older-than", "15", "--by", "archived", "--grace", "0", "--json"];
    const planned = (await cli.run(...atOnce, "--dry-run")).json<{ archiveBytesFreed: number }>();
    expect(planned.archiveBytesFreed).toBeGreaterThan(0);
    const run = await cli.run(...atOnce);
    expect(planned).toMatchObject({ prunedCount: 1, purgedCount: 1 });
    expect(run.json()).toMatchObject({ prunedCount: 1, purgedCount: 1, archiveBytesFreed: planned.archiveBytesFreed });
    expect(await states(cli)).toEqual({ a: "pruned", b: "archived", "c/d": "archived", now: "live" });
  });
});

describe("verify", () => {
  test("names every damaged session, and exits with 1", async () => {
    const cli = await filledCli();
    await cli.run("sweep");
    const key = (await listAll(cli)).find(({ id }) => id === "a");
    const path = join(cli.folder, "home/archives", key?.archiveKey ?? "");
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const run = await cli.run("verify", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({ checked: 4, bad: [{ id: "a", code: "CORRUPT", message: expect.any(String) }] });
    expect(run.stderr).toContain("failed: a: ");
    expect((await cli.run("verify", "b", "c/d", "--json")).json()).toMatchObject({ checked: 2, bad: [] });
  });

  test("counts a session whose metadata can't be read as bad, and so does list", async () => {
    const cli = await filledCli(["--store", "fs:live"]);
    await writeFile(join(cli.folder, "live/store/b.session.json"), "{torn");
    const run = await cli.run("verify", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({
      checked: 4,
      bad: [{ id: "", code: "CORRUPT", message: expect.stringContaining("session.json") }],
      total: 4,
    });
    const list = await cli.run("list", "--json");
    expect(list.exitCode).toBe(1);
    expect(list.json()).toMatchObject({ total: 3 });
    expect(list.stderr).toContain("session.json");
  });
});

describe("stats", () => {
  test("adds up all sessions", async () => {
    const cli = await filledCli();
    expect((await newEmptyStore().then((empty) => empty.run("stats", "--json"))).json()).toEqual({
      sessions: { total: 0, live: 0, archived: 0, mirrored: 0, resumed: 0, pruned: 0, pinned: 0 },
      lineCount: 0,
      rawBytes: 0,
      liveBytes: 0,
      archiveBytes: 0,
      totalBytes: 0,
      unknown: { count: 0, bytes: 0 },
      onDisk: { storeBytes: expect.any(Number), archiveBytes: expect.any(Number) },
      savedBytes: 0,
      ratio: null,
      oldestActivityMs: null,
      newestActivityMs: null,
    });
    await cli.run("sweep");
    await cli.run("pin", "a");
    await cli.runWith({ now: () => Date.now() }, "prune", "--max-total-bytes", "0");
    await cli.run("undo-prune", "c/d");
    const listed = await listAll(cli);
    const of = (id: string) => listed.find((session) => session.id === id) as ListedSession;
    const raw = of("a").rawBytes + of("c/d").rawBytes + of("now").rawBytes;
    const archives = of("a").totalBytes + of("c/d").totalBytes;
    const stats = (await cli.run("stats", "--json")).json<Record<string, number>>();
    expect(stats).toEqual({
      sessions: { total: 4, live: 1, archived: 2, mirrored: 0, resumed: 0, pruned: 1, pinned: 1 },
      lineCount: 410,
      rawBytes: raw,
      liveBytes: of("now").rawBytes,
      archiveBytes: archives + of("b").totalBytes,
      totalBytes: archives + of("b").totalBytes + of("now").rawBytes,
      unknown: { count: 0, bytes: 0 },
      onDisk: { storeBytes: expect.any(Number), archiveBytes: expect.any(Number) },
      savedBytes: raw - archives - of("now").rawBytes,
      ratio: expect.closeTo((of("a").rawBytes + of("c/d").rawBytes) / archives, 10),
      oldestActivityMs: OLD,
      newestActivityMs: of("now").lastActivityMs,
    });
    expect((await cli.run("stats")).text).toContain("Sessions       4: 1 live, 2 archived");
  });

  test.skipIf(process.platform !== "linux").each([
    ["one database", ["sqlite:all.db", "sqlite:all.db"], ["all.db"], null],
    ["one folder", ["fs:all", "fs:all"], ["all/store"], ["all/archives"]],
    ["a database and a folder", ["sqlite:all.db", "fs:archives"], ["all.db"], ["archives"]],
  ] as const)("says what the stores take up on disk: %s", async (_, [store, sink], live, archives) => {
    const cli = await filledCli(["--store", store, "--archives", sink]);
    await cli.run("sweep");
    const allocated = (names: readonly string[]): number => {
      const paths = names.map((name) => join(cli.folder, name)).flatMap((path) => [path, `${path}-wal`]);
      const lines = execFileSync("du", ["-s", "--block-size=1", ...paths.filter(existsSync)], { encoding: "utf8" });
      return lines
        .trim()
        .split("\n")
        .reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
    };
    const { onDisk } = (await cli.run("stats", "--json")).json<{ onDisk: unknown }>();
    expect(onDisk).toEqual({ storeBytes: allocated(live), archiveBytes: archives && allocated(archives) });
    expect((await cli.run("stats")).text).toMatch(archives ? /On disk +.* for archives/ : /On disk +[0-9.]+ [kM]B$/m);
    expect((await cli.run("stats", "--state", "live")).text).not.toContain("On disk");
  });

  test("adds up those that fit the filters", async () => {
    const cli = await filledCli();
    await cli.run("sweep");
    const some = await cli.run("stats", "--since", "30d", "--json");
    const [now] = (await listAll(cli)).filter(({ id }) => id === "now");
    expect(some.json()).toMatchObject({ sessions: { total: 1, live: 1 }, rawBytes: now?.rawBytes, savedBytes: 0 });
    const archived = (await cli.run("stats", "--state", "archived", "--json")).json();
    expect(archived).toMatchObject({ sessions: { total: 3, live: 0, archived: 3 }, liveBytes: 0 });
    expect((await cli.run("stats", "--project", "nowhere")).text).toContain("Sessions       0: ");
    expect((await cli.run("stats", "--agent", "nobody")).exitCode).toBe(2);
  });
});

describe("gc", () => {
  test("doesn't treat the archives of another store as waste unless asked", async () => {
    const cli = await filledCli();
    await cli.run("sweep");
    const run = await cli.run("--store", "sqlite:other.db", "gc", "--grace", "0");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("name both, or neither");
    expect((await cli.run("verify")).exitCode).toBe(0);
  });
});
