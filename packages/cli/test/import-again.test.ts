/** Importing a file again: unchanged, grown, rewritten, or of a pruned session. */
import { appendFile, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { bytesOf, imported, listed } from "./support/imports.js";
import { DAY_MS, touch, transcript, writeFiles } from "./support/sessions.js";

describe("a file imported again", () => {
  test("is skipped if it is unchanged, or only its time has changed", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
    expect(await imported(cli, "p")).toMatchObject({ imported: 1, skipped: 0 });
    expect(await imported(cli, "p")).toMatchObject({ imported: 0, skipped: 1, unchanged: 1 });
    await touch(join(cli.folder, "p/a.jsonl"), Date.now() + 5000);
    expect(await imported(cli, "p")).toMatchObject({ imported: 0, skipped: 1, unchanged: 1 });
    expect(await bytesOf(cli, "a")).toBe(transcript(3));
  });

  test("is not skipped merely because its size and its time of change are the same", async () => {
    const cli = await newCli();
    const path = join(cli.folder, "p/a.jsonl");
    const old = new Date(Date.UTC(2026, 0, 15));
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3, undefined, "one") });
    await utimes(path, old, old);
    await imported(cli, "p");
    // `codex migrate-rollouts` and `cp -p` keep them.
    await writeFile(path, transcript(3, undefined, "two"));
    await utimes(path, old, old);
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 0, replaced: 1 });
    expect(await bytesOf(cli, "a")).toBe(transcript(3, undefined, "two"));
  });

  test.each([
    ["live", []],
    ["archived", ["archive"]],
    ["restored", ["archive", "restore"]],
  ] as const)("is continued if it has grown: %s", async (_, before) => {
    const cli = await newCli();
    const first = transcript(3, Date.UTC(2026, 0, 1));
    const torn = '{"timestamp":"2026-01-02T00:0';
    await writeFiles(cli.folder, { "p/a.jsonl": first + torn });
    await cli.run("import", "p");
    for (const command of before) expect((await cli.run(command, "a")).exitCode).toBe(0);

    await appendFile(join(cli.folder, "p/a.jsonl"), `0:00Z"}\n{"no":"time"}\n`);
    expect(await imported(cli, "p")).toMatchObject({ imported: 0, appended: 1, skipped: 0 });
    const [session] = await listed(cli);
    expect(session).toMatchObject({
      state: before.at(-1) === "archive" ? "resumed" : "live",
      lineCount: 5,
      lastActivityMs: Date.UTC(2026, 0, 2),
    });
    expect(await bytesOf(cli, "a")).toBe(`${first}${torn}0:00Z"}\n{"no":"time"}\n`);
    expect(await imported(cli, "p")).toMatchObject({ appended: 0, unchanged: 1 });

    expect((await cli.run("sweep", "--json")).json()).toMatchObject({ archivedCount: 1, failedCount: 0 });
    expect(await bytesOf(cli, "a")).toBe(`${first}${torn}0:00Z"}\n{"no":"time"}\n`);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  test("uses the newest timestamp, even of a last line without an end", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3, Date.UTC(2026, 0, 1)) });
    await cli.run("import", "p");
    await appendFile(join(cli.folder, "p/a.jsonl"), '{"timestamp":"2026-01-02T00:00:00Z"}');
    await cli.run("import", "p");
    expect(await listed(cli)).toMatchObject([{ lineCount: 4, lastActivityMs: Date.UTC(2026, 0, 2) }]);
  });

  test.each(["cut off", "replaced by an earlier copy"])("is an older copy if it was %s", async (how) => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
    await cli.run("import", "p");
    const before = await listed(cli);
    const shorter = transcript(3).slice(0, -5);
    if (how === "cut off") await writeFile(join(cli.folder, "p/a.jsonl"), shorter);
    else {
      await writeFile(join(cli.folder, "copy"), shorter);
      await rename(join(cli.folder, "copy"), join(cli.folder, "p/a.jsonl"));
    }
    const run = await cli.run("import", "p");
    expect(run).toMatchObject({ exitCode: 0, text: "0 imported, 0 appended, 1 skipped (1 older copy), 0 failed.\n" });
    expect(await listed(cli)).toEqual(before);
    expect(await bytesOf(cli, "a")).toBe(transcript(3));
  });
});

describe("a pruned session's file", () => {
  async function withPruned(): Promise<Cli> {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
    await cli.run("import", "p");
    await cli.run("archive", "a");
    return cli;
  }

  test.each([["7"], ["0"]])("is skipped and reported while it is unchanged: grace of %s days", async (grace) => {
    const cli = await withPruned();
    await cli.run("prune", "--max-total-bytes", "0", "--grace", grace);
    for (const moved of [false, true]) {
      if (moved) await touch(join(cli.folder, "p/a.jsonl"), Date.now() - DAY_MS);
      const run = await cli.run("import", "p", "--json");
      expect(run.json()).toMatchObject({ skipped: 1, pruned: 1, failed: [] });
      expect(run.stderr).toContain("session a was pruned");
    }
    expect(await listed(cli)).toMatchObject([{ state: "pruned" }]);
  });

  test.each([["7"], ["0"]])(
    "is imported again and reported when its agent goes on: grace of %s days",
    async (grace) => {
      const cli = await withPruned();
      await cli.run("prune", "--max-total-bytes", "0", "--grace", grace);
      const more = transcript(2, undefined, "more");
      await appendFile(join(cli.folder, "p/a.jsonl"), more);
      const run = await cli.run("import", "p", "--json");
      expect(run.json()).toMatchObject({ revived: 1, skipped: 0, warnings: [expect.stringContaining("went on")] });
      expect(run.stderr).toContain("revived a: it was pruned, and its agent went on");
      expect(await bytesOf(cli, "a")).toBe(transcript(3) + more);
      expect((await cli.run("verify")).exitCode).toBe(0);
      expect(await imported(cli, "p")).toMatchObject({ unchanged: 1 });
    },
  );
});
