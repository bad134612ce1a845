import { existsSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { describe, expect, test } from "vitest";
import { absolutePath } from "../src/arguments.js";
import { newCli, newEmptyStore } from "./support/cli.js";
import { transcript, writeFiles } from "./support/sessions.js";

describe("the home", () => {
  test("is created for its owner alone, at the place that the option or the environment names", async () => {
    const cli = await newCli();
    expect((await cli.run("sweep")).exitCode).toBe(0);
    expect((await cli.run("--home", "deep/down", "sweep")).exitCode).toBe(0);
    for (const home of ["home", "deep/down"]) {
      expect((await stat(join(cli.folder, home))).mode & 0o777).toBe(0o700);
      expect(existsSync(join(cli.folder, home, "sessions.db"))).toBe(true);
    }
  });

  test("may be named with ~", () => {
    expect(absolutePath("~/x", "/cwd")).toBe(join(homedir(), "x"));
    expect(absolutePath("~", "/cwd")).toBe(homedir());
    expect(absolutePath("~x", "/cwd")).toBe("/cwd/~x");
  });
});

describe("stores", () => {
  test("with one name are one database, and free space is given back", async () => {
    const cli = await newCli("--store", "sqlite:one.db", "--archives", "sqlite:./one.db");
    await writeFiles(cli.folder, { "s.jsonl": transcript(20_000) });
    await cli.run("import", "s.jsonl");
    const before = (await stat(join(cli.folder, "one.db"))).size;
    const run = await cli.run("sweep");
    expect(run.stderr).toContain("of disk space given back");
    expect((await stat(join(cli.folder, "one.db"))).size).toBeLessThan(before / 2);
    expect((await cli.run("cat", "s")).text).toBe(transcript(20_000));
    expect(existsSync(join(cli.folder, "home"))).toBe(false);
  });

  test("don't scatter archives among other files", async () => {
    const cli = await newEmptyStore("--archives", "fs:documents");
    await writeFiles(cli.folder, { "documents/letter.txt": "x" });
    for (const command of ["list", "sweep"]) {
      const run = await cli.run(command, "--json");
      expect(run.exitCode).toBe(1);
      expect(run.json()).toMatchObject({
        error: { code: "INVALID_ARGUMENT", message: expect.stringContaining("other files") },
      });
    }
    expect(await readdir(join(cli.folder, "documents"))).toEqual(["letter.txt"]);
  });

  test("are reported if they can't be opened", async () => {
    const cli = await newCli();
    await writeFile(
      join(cli.folder, "text.db"),
      "this is no database, but it is long enough to look like one ".repeat(20),
    );
    const noDatabase = await cli.run("--store", "sqlite:text.db", "list", "--json");
    expect(noDatabase.exitCode).toBe(1);
    expect(noDatabase.json()).toMatchObject({ error: { code: "CORRUPT" } });
    const noFolder = await cli.run("--store", "sqlite:text.db/x.db", "sweep", "--json");
    expect(noFolder.json()).toMatchObject({
      error: { code: "UNAVAILABLE", message: expect.stringContaining("folder") },
    });
  });

  test("store a session's source and the state of its file, and nothing more", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/s.jsonl": transcript(3, Date.UTC(2026, 0, 2, 0, 2)) });
    await cli.run("import", "p");
    await using store = await openSqlite(join(cli.folder, "home/sessions.db"));
    const location = join(cli.folder, "p", "s.jsonl");
    const { ino, size, mtimeNs, ctimeNs } = await stat(location, { bigint: true });
    const bytes = Number(size);
    expect((await store.objects.get("s"))?.meta).toEqual({
      view: "agent",
      "session:source": { identity: "s", location, version: `${ino}:${size}:${mtimeNs}:${ctimeNs}`, size: bytes },
      "session:facts": { by: "transcripts", version: 2, bytes, values: expect.any(Object) },
      "session:start_ts_ms": Date.UTC(2026, 0, 2),
      "session:last_activity_ms": Date.UTC(2026, 0, 2, 0, 2),
      "session:line_count": 3,
      "session:counted_to": { bytes, newlines: 3, openLine: false },
    });
  });
});
