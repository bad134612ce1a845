import { appendFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ListedSession } from "../src/index.js";
import { type Cli, newCli } from "./support/cli.js";
import { DAY_MS, touch, transcript, writeFiles } from "./support/sessions.js";

const counts = (imported: number, appended: number, skipped: number) => ({ imported, appended, skipped, failed: [] });

async function listed(cli: Cli): Promise<readonly ListedSession[]> {
  return (await cli.run("list", "--json")).json();
}

async function ids(cli: Cli): Promise<readonly string[]> {
  return (await listed(cli)).map(({ id }) => id).sort();
}

async function bytesOf(cli: Cli, id: string): Promise<string> {
  const run = await cli.run("cat", "--", id);
  expect(run.exitCode).toBe(0);
  return run.text;
}

describe("ids", () => {
  it("are the paths below the folder named, or a file's own name", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "projects/-Users-me-app/s1.jsonl": transcript(1),
      "projects/-Users-me-app/s1/subagents/agent-a.jsonl": transcript(2),
      "projects/top.jsonl": transcript(3),
      "projects/notes.txt": "no session",
      "projects/s.jsonl.gz": "no session either",
      "alone/single.jsonl": transcript(5),
    });
    const run = await cli.run("import", "projects", "alone/single.jsonl", "--json");
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.json()).toEqual(counts(4, 0, 0));
    expect(await ids(cli)).toEqual(["-Users-me-app/s1", "-Users-me-app/s1/subagents/agent-a", "single", "top"]);
    expect((await cli.run("cat", "-Users-me-app/s1")).text).toBe(transcript(1));
  });

  it("that are impossible are reported, and the others go on", async () => {
    const cli = await newCli();
    const long = Array.from({ length: 5 }, () => "d".repeat(250)).join("/");
    await writeFiles(cli.folder, {
      "p/.jsonl": transcript(1),
      [`p/${long}/x.jsonl`]: transcript(1),
      "p/fine.jsonl": transcript(1),
    });
    const run = await cli.run("import", "p", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toEqual({
      imported: 1,
      appended: 0,
      skipped: 0,
      failed: [
        { path: join("p", ".jsonl"), id: "", code: "INVALID_ARGUMENT", message: expect.any(String) },
        { path: join("p", long, "x.jsonl"), id: `${long}/x`, code: "INVALID_ARGUMENT", message: expect.any(String) },
      ],
    });
    expect(await ids(cli)).toEqual(["fine"]);
  });
});

describe("paths", () => {
  it("that lead nowhere or to something else are reported, and the others go on", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "a.jsonl": transcript(1), "notes.txt": "x" });
    const run = await cli.run("import", "missing", "notes.txt", "a.jsonl", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toEqual({
      imported: 1,
      appended: 0,
      skipped: 0,
      failed: [
        { path: "missing", id: null, code: "NOT_FOUND", message: expect.stringContaining("missing") },
        { path: "notes.txt", id: null, code: "INVALID_ARGUMENT", message: expect.stringContaining(".jsonl file") },
      ],
    });
  });

  it("follow links to files, but not to folders below the one named", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "real/a.jsonl": transcript(1), "elsewhere/b.jsonl": transcript(2) });
    await symlink(join(cli.folder, "elsewhere/b.jsonl"), join(cli.folder, "real/link.jsonl"));
    await symlink(join(cli.folder, "real"), join(cli.folder, "real/loop"));
    await symlink(join(cli.folder, "real"), join(cli.folder, "entry"));
    expect((await cli.run("import", "entry", "--json")).json()).toEqual(counts(2, 0, 0));
    expect(await ids(cli)).toEqual(["a", "link"]);
  });

  it("to the stores' own files are left out", async () => {
    const cli = await newCli("--store", "fs:stores/live", "--archives", "fs:stores/archives");
    await writeFiles(cli.folder, { "a.jsonl": transcript(1) });
    expect((await cli.run("import", ".", "--json")).json()).toEqual(counts(1, 0, 0));
    expect((await cli.run("import", ".", "--json")).json()).toEqual(counts(0, 0, 1));
    expect(await ids(cli)).toEqual(["a"]);
    const named = await cli.run("import", "stores/live", "--json");
    expect(named.json()).toMatchObject({ imported: 0, failed: [{ path: "stores/live", code: "INVALID_ARGUMENT" }] });
  });

  it("may lie in the home", async () => {
    const cli = await newCli("--home", ".");
    await writeFiles(cli.folder, { "a.jsonl": transcript(1) });
    expect((await cli.run("import", ".", "--json")).json()).toEqual(counts(1, 0, 0));
  });
});

describe("a file imported again", () => {
  it("is skipped if it has not changed, or only its time has", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
    expect((await cli.run("import", "p", "--json")).json()).toEqual(counts(1, 0, 0));
    expect((await cli.run("import", "p", "--json")).json()).toEqual(counts(0, 0, 1));
    await touch(join(cli.folder, "p/a.jsonl"), Date.now() + 5000);
    expect((await cli.run("import", "p", "--json")).json()).toEqual(counts(0, 0, 1));
    expect(await bytesOf(cli, "a")).toBe(transcript(3));
  });

  it.each([
    ["live", []],
    ["archived", ["archive"]],
    ["restored", ["archive", "restore"]],
  ] as const)("goes on where it has grown: %s", async (_, before) => {
    const cli = await newCli();
    const first = transcript(3, Date.UTC(2026, 0, 1));
    const torn = '{"timestamp":"2026-01-02T00:0';
    await writeFiles(cli.folder, { "p/a.jsonl": first + torn });
    await cli.run("import", "p");
    for (const command of before) expect((await cli.run(command, "a")).exitCode).toBe(0);

    await appendFile(join(cli.folder, "p/a.jsonl"), `0:00Z"}\n{"no":"time"}\n`);
    const run = await cli.run("import", "p", "--json");
    expect(run.json()).toEqual(counts(0, 1, 0));
    const [session] = await listed(cli);
    expect(session).toMatchObject({
      state: before.at(-1) === "archive" ? "resumed" : "live",
      lineCount: 5,
      lastActivityMs: Date.UTC(2026, 0, 2),
    });
    expect(await bytesOf(cli, "a")).toBe(`${first}${torn}0:00Z"}\n{"no":"time"}\n`);
    expect((await cli.run("import", "p", "--json")).json()).toEqual(counts(0, 0, 1));

    expect((await cli.run("sweep", "--json")).json()).toMatchObject({ archivedCount: 1, failedCount: 0 });
    expect(await bytesOf(cli, "a")).toBe(`${first}${torn}0:00Z"}\n{"no":"time"}\n`);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  it("goes by the newest timestamp even of a last line without an end", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3, Date.UTC(2026, 0, 1)) });
    await cli.run("import", "p");
    await appendFile(join(cli.folder, "p/a.jsonl"), '{"timestamp":"2026-01-02T00:00:00Z"}');
    await cli.run("import", "p");
    expect(await listed(cli)).toMatchObject([{ lineCount: 4, lastActivityMs: Date.UTC(2026, 0, 2) }]);
  });

  it.each([
    ["other bytes", (text: string) => text.replace("hello 0", "hullo 0"), "holds other bytes"],
    ["other bytes and more", (text: string) => `${text.replace("hello 1", "hullo 1")}more\n`, "holds other bytes"],
    ["fewer bytes", (text: string) => text.slice(0, -5), "is shorter"],
    ["no bytes", () => "", "is shorter"],
  ])("is a conflict with %s, and nothing is changed", async (_, change, message) => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
    await cli.run("import", "p");
    const before = await listed(cli);
    await writeFile(join(cli.folder, "p/a.jsonl"), change(transcript(3)));
    const run = await cli.run("import", "p", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({
      imported: 0,
      appended: 0,
      skipped: 0,
      failed: [{ path: join("p", "a.jsonl"), id: "a", code: "CONFLICT", message: expect.stringContaining(message) }],
    });
    expect(await listed(cli)).toEqual(before);
    expect(await bytesOf(cli, "a")).toBe(transcript(3));
  });

  it("is skipped and told of if its session was pruned", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
    await cli.run("import", "p");
    await cli.run("archive", "a");
    await cli.run("prune", "--max-total-bytes", "0", "--grace", "0");
    await appendFile(join(cli.folder, "p/a.jsonl"), "more\n");
    const run = await cli.run("import", "p", "--json");
    expect(run.json()).toEqual(counts(0, 0, 1));
    expect(run.stderr).toContain("session a was pruned");
    expect(await listed(cli)).toMatchObject([{ state: "pruned" }]);
  });
});

describe("two files of one id", () => {
  it("are told apart by their bytes, not by size and time", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "x/s.jsonl": transcript(1, 0, "one"), "y/s.jsonl": transcript(1, 0, "two") });
    for (const folder of ["x", "y"]) await touch(join(cli.folder, folder, "s.jsonl"), Date.UTC(2026, 0, 1));
    const run = await cli.run("import", "x", "y", "--json");
    expect(run.json()).toMatchObject({ imported: 1, skipped: 0, failed: [{ id: "s", code: "CONFLICT" }] });
  });

  it("are a conflict that names both, unless one goes on from the other", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "x/s.jsonl": transcript(2, undefined, "one"),
      "y/s.jsonl": transcript(2, undefined, "two"),
      "z/s.jsonl": transcript(2, undefined, "one"),
      "more/s.jsonl": `${transcript(2, undefined, "one")}{}\n`,
    });
    const run = await cli.run("import", "x", "y/s.jsonl", "z", "more", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({ imported: 1, appended: 1, skipped: 1, failed: [{ id: "s", code: "CONFLICT" }] });
    expect(run.stderr).toContain(join("x", "s.jsonl"));
    expect(run.stderr).toContain(join("y", "s.jsonl"));
    expect(await bytesOf(cli, "s")).toBe(`${transcript(2, undefined, "one")}{}\n`);
  });
});

describe("stats", () => {
  const now = Date.UTC(2026, 5, 1);

  async function imported(content: string | Uint8Array, mtime: number): Promise<ListedSession | undefined> {
    const cli = await newCli();
    await writeFiles(cli.folder, { "a.jsonl": content });
    await touch(join(cli.folder, "a.jsonl"), mtime);
    await cli.runWith({ now: () => now }, "import", "a.jsonl");
    return (await listed(cli))[0];
  }

  it("take the newest timestamp, wherever it stands", async () => {
    const text = ["2026-01-03T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-04T00:00:00Z"]
      .map((timestamp) => `{"timestamp":"${timestamp}"}\n`)
      .join("\n \n");
    expect(await imported(text, now)).toMatchObject({ lineCount: 3, lastActivityMs: Date.UTC(2026, 0, 5) });
  });

  it("leave out times from the future, before 1970, and below the top level", async () => {
    const text = [
      '{"timestamp":"2026-01-03T00:00:00Z"}',
      `{"timestamp":${now + 2 * DAY_MS}}`,
      '{"timestamp":-5}',
      '{"message":{"timestamp":"2026-02-01T00:00:00Z"}}',
      '{"timestamp":"2026-03-01T00:00:00Z"',
    ].join("\n");
    expect(await imported(text, now)).toMatchObject({ lineCount: 5, lastActivityMs: Date.UTC(2026, 0, 3) });
  });

  it("take the file's time where the lines have none, but no later than now", async () => {
    expect(await imported('{"x":1}\n', now - DAY_MS)).toMatchObject({ lineCount: 1, lastActivityMs: now - DAY_MS });
    expect(await imported('{"x":1}\n', now + 3 * DAY_MS)).toMatchObject({ lastActivityMs: now });
  });

  it("do not look into lines of more than 4 MiB, but count them", async () => {
    const text = `{"timestamp":"2026-01-03T00:00:00Z"}\n{"timestamp":"2026-02-03T00:00:00Z","x":"${"y".repeat(4 << 20)}"}\n{}`;
    const session = await imported(text, now);
    expect(session).toMatchObject({ lineCount: 3, rawBytes: text.length, lastActivityMs: Date.UTC(2026, 0, 3) });
  });

  it("of an empty file are an empty, live session that no sweep touches", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "e.jsonl": "" });
    expect((await cli.run("import", "e.jsonl", "--json")).json()).toEqual(counts(1, 0, 0));
    expect(await listed(cli)).toMatchObject([{ id: "e", state: "live", lineCount: 0, rawBytes: 0 }]);
    expect((await cli.run("sweep", "--inactive-days", "0", "--json")).json()).toMatchObject({ archivedCount: 0 });
    expect((await cli.run("import", "e.jsonl", "--json")).json()).toEqual(counts(0, 0, 1));
    await writeFile(join(cli.folder, "e.jsonl"), transcript(2));
    expect((await cli.run("import", "e.jsonl", "--json")).json()).toEqual(counts(0, 1, 0));
    expect(await bytesOf(cli, "e")).toBe(transcript(2));
  });
});
