/** Real sessions on a real server, through the program itself: a process for each command. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { newFolder } from "../support/cli.js";
import { testServer, withPostgres } from "../support/postgres.js";
import { expectWhole, filesBy, listedBy, type Program, programIn, sessionsFor } from "../support/real-sessions.js";

withPostgres("a server", () => {
  // Nothing crashes here.
  const server = testServer(async () => ["fsync=off"]);
  const newStore = (): string => `${server.newStore()}&synchronous=normal`;

  const both = (store: string): readonly string[] => ["--store", store, "--archives", store];
  const LAYOUTS: readonly (readonly [string, () => readonly string[]])[] = [
    ["has store and archives", () => both(newStore())],
    ["has the store, a folder the archives", () => ["--store", newStore(), "--archives", "fs:archives"]],
    ["has the archives, a file the store", () => ["--store", "sqlite:live.db", "--archives", newStore()]],
    ["has each in a schema of its own", () => ["--store", newStore(), "--archives", newStore()]],
  ];

  /** The largest session, and its bytes. */
  async function largest(files: ReadonlyMap<string, Buffer>): Promise<readonly [string, Buffer]> {
    return [...files].sort(([, a], [, b]) => b.length - a.length)[0] ?? expect.unreachable();
  }

  async function states(program: Program): Promise<readonly string[]> {
    return [...new Set((await listedBy(program)).map(({ state }) => state))].sort();
  }

  test.each(LAYOUTS)("%s: real sessions through their whole life", { timeout: 600_000 }, async (_, layout) => {
    const always = layout();
    const program = programIn(await newFolder(), always);
    const from = await sessionsFor(program);
    const { imported } = await program.json<{ imported: number }>("import", ...from);
    const files = await filesBy(program);
    expect([files.size, files.size > 2]).toEqual([imported, true]);
    expect(await program.json("import", ...from)).toMatchObject({ imported: 0, skipped: imported });
    await expectWhole(program, files);

    const inactive = ["--inactive-days", "0"];
    const planned = await program.json<{ archivedCount: number }>("sweep", ...inactive, "--dry-run");
    expect(await states(program)).toEqual(["live"]);
    const swept = await program.json<{ archivedCount: number }>("sweep", ...inactive);
    expect([planned.archivedCount, swept.archivedCount > 2]).toEqual([swept.archivedCount, true]);
    await expectWhole(program, files);
    expect(await program.json("verify")).toMatchObject({ checked: imported, bad: [] });
    expect(await program.json("doctor")).toEqual({ healthy: true, repairs: [], findings: [] });
    expect(await program.json("rebuild")).toMatchObject({ made: [], merged: [] });

    const [id, file] = await largest(files);
    await program.json("restore", "--to-store", id);
    await expectWhole(program, new Map([[id, file]]));
    await program.json("archive", id);
    await program.json("export", id, "-o", "out.jsonl.gz");
    expect(gunzipSync(await readFile(join(program.folder, "out.jsonl.gz"))).equals(file)).toBe(true);
    expect((await program.json<{ hits: unknown[] }>("search", "the", "--limit", "5")).hits.length).toBeGreaterThan(0);
    expect((await program.run("show", id, "--last")).exitCode).toBe(0);
    // What lies on the server takes up no disk of this machine.
    const onDisk = (word: string | undefined) => (word?.startsWith("postgres:") ? null : expect.any(Number));
    expect(await program.json("stats")).toMatchObject({
      sessions: { total: imported },
      onDisk: { storeBytes: onDisk(always[1]), archiveBytes: onDisk(always[3]) },
      unknown: { count: 0 },
    });
    expect(await program.json("gc", "--grace", "0")).toMatchObject({ unknown: { count: 0 }, refused: null });

    await program.json("prune", "--older-than", "0");
    expect(await states(program)).toContain("pruned");
    await program.json("undo-prune", id);
    await expectWhole(program, new Map([[id, file]]));
    await program.json("prune", "--older-than", "0", "--grace", "0");
    expect((await program.run("cat", id)).stderr).toContain("PRUNED");

    const forgotten = await program.run("forget", "--yes", "--json", id);
    const servers = new Set(always.filter((word) => word.startsWith("postgres:")));
    expect([forgotten.exitCode, JSON.parse(forgotten.stdout).erased.onServers.length]).toEqual([0, servers.size]);
    expect(forgotten.stderr).toContain("VACUUM FULL");
    expect((await program.run("list", "--all")).stdout).toContain("forgotten");
    expect(await program.json("import", ...from)).toMatchObject({ imported: 0 });
    expect(await program.json("doctor")).toMatchObject({ healthy: true });
  });

  test("a catalogue that is lost is found missing, and made anew from archives that lie elsewhere", {
    timeout: 600_000,
  }, async () => {
    const store = newStore();
    const [, schema = ""] = /schema=(\w+)/.exec(store) ?? [];
    const program = programIn(await newFolder(), ["--store", store, "--archives", "fs:archives"]);
    await program.json("import", ...(await sessionsFor(program)));
    const files = await filesBy(program);
    await program.json("archive", "--", ...files.keys());
    await server.rows(`DROP SCHEMA ${schema} CASCADE`);
    for (const words of [["list"], ["cat", "x"], ["verify"]]) {
      expect((await program.run(...words)).stderr).toContain("There is no store at ");
    }
    const { exitCode, stdout } = await program.run("doctor", "--json");
    expect([exitCode, JSON.parse(stdout).findings[0].kind]).toEqual([1, "catalogue-missing"]);
    expect((await program.run("doctor", "--repair")).exitCode).toBe(3);
    expect(await listedBy(program)).toHaveLength(files.size);
    await expectWhole(program, files);
    expect(await program.json("doctor")).toMatchObject({ healthy: true });
  });
});
