/** Importing compressed transcripts, and the program's own exports and archives. */
import { randomBytes } from "node:crypto";
import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { frame, skippable } from "@session-archiver/test-kit/zstd";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { bytesOf, claudeLines, codexLines, idsOf, imported } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

const LONG = Array.from({ length: 1000 }, (_, i) => `{"n":${i},"noise":"${randomBytes(300).toString("hex")}"}\n`).join(
  "",
);
const [HEAD, TAIL] = [LONG.slice(0, 300_001), LONG.slice(300_001)];

const packings: Readonly<Record<string, readonly [ending: string, pack: (text: string) => Buffer]>> = {
  "gzip of one member": ["jsonl.gz", (text) => gzipSync(text)],
  "gzip of several members": [
    "jsonl.gz",
    (text) => Buffer.concat([gzipSync(text.slice(0, 1000)), gzipSync(""), gzipSync(text.slice(1000))]),
  ],
  "zstd of one frame": ["jsonl.zst", (text) => frame(text)],
  "zstd of several frames, some of them skippable": [
    "JSONL.ZST",
    (text) =>
      Buffer.concat([
        skippable("first"),
        frame(text.slice(0, 1000), { checksum: true }),
        frame(text.slice(1000), { size: false }),
        skippable("last"),
      ]),
  ],
};

describe.each(Object.entries(packings))("a transcript in %s", (_, [ending, pack]) => {
  test("is imported to its last byte, is extended when it grows, and is the same session when unpacked", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { [`p/s.${ending}`]: pack(HEAD) });
    expect(await imported(cli, "p")).toMatchObject({ exitCode: 0, imported: 1, failed: [], leftOut: [] });
    expect(await bytesOf(cli, "s")).toBe(HEAD);
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 1 });
    for (const state of ["live", "archived"]) {
      if (state === "archived") await cli.run("archive", "s");
      await writeFiles(cli.folder, { [`p/s.${ending}`]: pack(state === "live" ? HEAD + TAIL : `${HEAD}${TAIL}{}\n`) });
      expect(await imported(cli, "p")).toMatchObject({ appended: 1, unchanged: 0, failed: [] });
    }
    expect(await bytesOf(cli, "s")).toBe(`${HEAD}${TAIL}{}\n`);
    await writeFiles(cli.folder, { "q/s.jsonl": HEAD + TAIL });
    expect(await imported(cli, "q")).toMatchObject({ imported: 0, older: 1 });
    expect(await idsOf(cli)).toEqual(["s"]);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  test("gets its id from its lines", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { [`p/rollout-x.${ending}`]: pack(codexLines("c1", 30)) });
    expect(await imported(cli, "p")).toMatchObject({ imported: 1 });
    expect(await bytesOf(cli, "codex:c1")).toBe(codexLines("c1", 30));
  });

  test.each([
    ["torn", (packed: Buffer) => packed.subarray(0, -9)],
    ["followed by something else", (packed: Buffer) => Buffer.concat([packed, Buffer.from("garbage")])],
    ["followed by zero bytes", (packed: Buffer) => Buffer.concat([packed, Buffer.alloc(4)])],
    ["damaged", (packed: Buffer) => packed.fill(0x55, packed.length - 200, packed.length - 100)],
  ])("that is %s is reported by its name, and leaves nothing behind", async (how, damage) => {
    // Only a checksum detects it, and not every frame has one.
    if (how === "damaged" && ending === "jsonl.zst") return;
    const cli = await newCli();
    await writeFiles(cli.folder, { [`p/bad.${ending}`]: damage(pack(LONG)), "p/good.jsonl": transcript(2) });
    const report = await imported(cli, "p");
    expect(report).toMatchObject({
      exitCode: 0,
      imported: 1,
      failed: [{ path: join("p", `bad.${ending}`), code: "CORRUPT" }],
    });
    expect(report.failed[0]?.message).toContain(`bad.${ending}" can't be unpacked: it `);
    expect(await idsOf(cli)).toEqual(["good"]);
    expect((await imported(cli, "p", "--strict")).exitCode).toBe(1);
  });
});

describe("the program's own files", () => {
  async function withArchives(): Promise<Cli> {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "p/-x/s1.jsonl": claudeLines("s1", 3),
      "p/plain/notes.jsonl": transcript(4),
      "p/Ünicode/Big Name.jsonl": transcript(5),
    });
    await imported(cli, "p");
    expect((await cli.run("archive", "--", "claude-code:s1", "plain/notes", "Ünicode/Big Name")).exitCode).toBe(0);
    return cli;
  }
  const IDS = ["claude-code:s1", "plain/notes", "Ünicode/Big Name"];

  test.each([
    ["the archives folder", ["home/archives"]],
    ["the home", ["home"]],
    ["a copy of some archives", ["copy"]],
  ])("import into another store under their ids: %s", async (_, paths) => {
    const cli = await withArchives();
    await cp(join(cli.folder, "home/archives"), join(cli.folder, "copy/of/archives"), { recursive: true });
    const report = await imported(cli, "--home", "new", ...paths);
    expect(report).toMatchObject({ exitCode: 0, imported: 3, failed: [] });
    // Manifests, records and the sink's own files are recognised.
    expect(report.leftOut.filter(({ path }) => !/sessions\.db/.test(path))).toEqual([]);
    for (const id of IDS) {
      const { text } = await cli.run("--home", "new", "cat", "--", id);
      expect(text).toBe(await bytesOf(cli, id));
    }
    expect(await imported(cli, "--home", "new", ...paths)).toMatchObject({ imported: 0, unchanged: 3 });
    // And each is the same session as the agent's own file.
    expect(await imported(cli, "--home", "new", "p")).toMatchObject({ imported: 0, unchanged: 3 });
  });

  test("of a session that was imported beside another keep its id, also once there are more of them", async () => {
    const cli = await newCli();
    const beside = (lines: number): string => claudeLines("s1", lines, "another file of the same session");
    await writeFiles(cli.folder, { "p/s1.jsonl": claudeLines("s1", 3), "p/tool.jsonl": beside(2) });
    await imported(cli, "p");
    const ids = await idsOf(cli);
    expect(ids).toEqual(["claude-code:s1", "claude-code:s1/tool"]);
    for (const lines of [2, 900]) {
      await writeFiles(cli.folder, { "p/tool.jsonl": beside(lines) });
      await imported(cli, "p");
      expect((await cli.run("archive", ...ids)).exitCode).toBe(0);
      await imported(cli, "--home", "new", "home/archives");
      const { sessions } = (await cli.run("--home", "new", "list", "--json")).json<{ sessions: { id: string }[] }>();
      expect(sessions.map(({ id }) => id).sort()).toEqual(ids);
      expect((await cli.run("--home", "new", "cat", "claude-code:s1/tool")).text).toBe(beside(lines));
    }
    expect(await imported(cli, "--home", "new", "p")).toMatchObject({ imported: 0, unchanged: 2 });
  });

  test("import as a single archive without its folders, too", async () => {
    const cli = await withArchives();
    const names = (await readdir(join(cli.folder, "home/archives"), { recursive: true })).filter((name) =>
      /s1.*\.gz$/.test(name),
    );
    const alone = join(cli.folder, basename(names[0] ?? ""));
    await cp(join(cli.folder, "home/archives", names[0] ?? ""), alone);
    expect(await imported(cli, "--home", "new", alone)).toMatchObject({ imported: 1 });
    expect((await cli.run("--home", "new", "cat", "claude-code:s1")).text).toBe(claudeLines("s1", 3));
  });

  test("older archives of a session change nothing, in any order of names", async () => {
    for (const turned of [false, true]) {
      const cli = await newCli();
      await writeFiles(cli.folder, { "p/s.jsonl": transcript(3, Date.UTC(2026, 0, 1)) });
      await imported(cli, "p");
      for (const lines of [3, 6]) {
        await writeFiles(cli.folder, { "p/s.jsonl": grown(lines) });
        await imported(cli, "p");
        await cli.run("archive", "s");
        await cp(join(cli.folder, "home/archives"), join(cli.folder, "all"), { recursive: true, force: false });
      }
      const folder = join(cli.folder, "all");
      const packed = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".gz")).sort();
      expect(packed).toHaveLength(2);
      if (turned) {
        // Each has the other's name, as if the clock had gone back between them.
        const [a = "", b = ""] = packed.map((name) => join(folder, name));
        await rename(a, `${a}.tmp`);
        await rename(b, a);
        await rename(`${a}.tmp`, b);
      }
      const report = await imported(cli, "--home", "new", "all");
      expect(report).toMatchObject({ imported: 1, appended: turned ? 0 : 1, older: turned ? 1 : 0, failed: [] });
      expect((await cli.run("--home", "new", "cat", "s")).text).toBe(grown(6));
    }
    function grown(lines: number): string {
      return transcript(3, Date.UTC(2026, 0, 1)) + transcript(lines - 3, Date.UTC(2026, 0, 2), "later");
    }
  });

  test.each([["jsonl"], ["jsonl.gz"]])("import as an export: %s", async (ending) => {
    const cli = await withArchives();
    for (const id of IDS.slice(0, 2)) {
      const name = `${id.split(/[/:]/).at(-1)}.${ending}`;
      expect((await cli.run("export", "-o", name, "--", id)).exitCode).toBe(0);
    }
    expect(await imported(cli, "--home", "new", `s1.${ending}`, `notes.${ending}`)).toMatchObject({ imported: 2 });
    expect((await cli.run("--home", "new", "cat", "claude-code:s1")).text).toBe(claudeLines("s1", 3));
    expect((await cli.run("--home", "new", "cat", "notes")).text).toBe(transcript(4));
  });

  test("import from version 0.1, whose keys have no store and whose ids are paths", async () => {
    const cli = await newCli();
    const stem = (id: string) => `${id}.20260115t100000000z-0123456789abcdef`;
    const manifest = (id: string) => JSON.stringify({ format: 1, id, createdAt: 1, meta: {}, files: [] });
    await writeFiles(cli.folder, {
      [`old/archives/${stem("one")}.jsonl.gz`]: gzipSync(transcript(1)),
      [`old/archives/${stem("one")}.json`]: manifest("one"),
      [`old/archives/-x/${stem("two")}.jsonl.gz`]: gzipSync(transcript(2)),
      [`old/archives/-x/${stem("two")}.json`]: manifest("-x/two"),
      [`renamed/deep/-y/${stem("three")}.jsonl.gz`]: gzipSync(transcript(3)),
      [`renamed/deep/-y/${stem("three")}.json`]: manifest("-y/three"),
      [`renamed/deep/-y/${stem("three")}.1.gz`]: gzipSync("a sidecar"),
    });
    expect(await imported(cli, "old", "renamed")).toMatchObject({
      ...{ exitCode: 0, imported: 3, failed: [] },
      leftOut: [{ path: expect.stringContaining("three"), reason: "sidecar of an archive" }],
    });
    expect(await idsOf(cli)).toEqual(["-x/two", "-y/three", "one"]);
  });

  test.each(["s", `long/${"very ".repeat(30)}long`])("import as a whole where they lie in parts: %s", async (id) => {
    const cli = await newCli();
    const all = HEAD + TAIL;
    const ends = [300_001, all.length - 2000, all.length];
    for (const end of ends) {
      await writeFiles(cli.folder, { [`p/${id}.jsonl`]: all.slice(0, end) });
      await imported(cli, "p");
      expect((await cli.run("archive", id)).exitCode).toBe(0);
    }
    const sink = join(cli.folder, "home/archives");
    const packed = (await readdir(sink, { recursive: true })).filter((name) => name.endsWith(".gz"));
    expect(packed).toHaveLength(3);
    const report = await imported(cli, "--home", "new", "home/archives");
    expect(report).toMatchObject({ imported: 1, failed: [], leftOut: [] });
    expect((await cli.run("--home", "new", "cat", id)).text).toBe(all);
    expect((await cli.run("--home", "new", "archive", id)).exitCode).toBe(0);
    expect(await imported(cli, "--home", "new", "home/archives")).toMatchObject({ imported: 0, unchanged: 1 });
    // Without its beginning, a part is no session.
    const first = packed.map((name) => join(sink, name)).toSorted();
    for (const path of first) if ((await readFile(path)).length > 100_000) await rm(path);
    const alone = await imported(cli, "--home", "newer", "home/archives");
    expect(alone.leftOut).toContainEqual({ path: expect.any(String), reason: "part of an archive" });
    expect(alone).toMatchObject({ imported: 0 });
  });

  test("import as a whole where they lie in parts, without their folders, too", async () => {
    const cli = await newCli();
    const all = claudeLines("s1", 3000);
    for (const end of [1000, 2500, 3000]) {
      await writeFiles(cli.folder, { "p/s1.jsonl": all.split("\n").slice(0, end).join("\n") });
      await imported(cli, "p");
      expect((await cli.run("archive", "claude-code:s1")).exitCode).toBe(0);
    }
    const sink = join(cli.folder, "home/archives");
    const packed = (await readdir(sink, { recursive: true })).filter((name) => name.endsWith(".gz"));
    expect(packed.length).toBeGreaterThan(1);
    for (const name of packed) {
      await cp(join(sink, name), join(cli.folder, "flat", basename(name)));
      if (name.includes(".follows-")) await cp(join(sink, name), join(cli.folder, "tails", basename(name)));
    }
    expect(await imported(cli, "--home", "new", "flat")).toMatchObject({ imported: 1, failed: [], leftOut: [] });
    const text = (await cli.run("--home", "new", "cat", "claude-code:s1")).text;
    expect(text).toBe(await bytesOf(cli, "claude-code:s1"));
    expect((await cli.run("--home", "new", "archive", "claude-code:s1")).exitCode).toBe(0);
    expect(await imported(cli, "--home", "new", "flat")).toMatchObject({ imported: 0, unchanged: 1 });
    const alone = await imported(cli, "--home", "newer", "tails");
    expect(alone).toMatchObject({
      imported: 0,
      leftOut: packed.slice(1).map(() => ({ reason: "part of an archive" })),
    });
  });

  test.each([
    ["inline", 3],
    ["beside it", 900],
  ])(
    "a bucket's copy, whose folders leave open where the sink begins, tells its id by the manifest %s",
    async (_, lines) => {
      const cli = await newCli();
      const id = `none/${(crc32("x") & 0xff).toString(16).padStart(2, "0")}/x`; // as the key of a session "x" begins
      await writeFiles(cli.folder, { [`p/${id}.jsonl`]: transcript(lines) });
      await imported(cli, "p");
      expect((await cli.run("archive", id)).exitCode).toBe(0);
      const sink = join(cli.folder, "home/archives");
      const names = (await readdir(sink, { recursive: true })).filter((name) => /x\.2.*(gz|json)$/.test(name));
      expect(names).toHaveLength(lines === 3 ? 1 : 2);
      const folder = join("bucket", dirname(names[0] ?? ""));
      for (const name of names) {
        await cp(join(sink, name), join(cli.folder, folder, id + basename(name).slice(basename(name).indexOf("."))));
      }
      expect(await imported(cli, "--home", "new", folder)).toMatchObject({ imported: 1, failed: [], leftOut: [] });
      expect((await cli.run("--home", "new", "list", "--json")).json()).toMatchObject({ sessions: [{ id }] });
    },
  );

  test("import under a long name", async () => {
    const cli = await newCli();
    const id = `long/${"very ".repeat(30)}long`;
    await writeFiles(cli.folder, { [`p/${id}.jsonl`]: transcript(3) });
    await imported(cli, "p");
    expect((await cli.run("archive", id)).exitCode).toBe(0);
    expect(await imported(cli, "--home", "new", "home/archives")).toMatchObject({ imported: 1, leftOut: [] });
    expect((await cli.run("--home", "new", "cat", id)).text).toBe(transcript(3));
  });

  test("a file that only looks like the program's archive is imported all the same", async () => {
    const cli = await newCli();
    const name = "0123456789ab/00/x.20260115t100000000z.0123456789abcdef.jsonl.gz"; // another folder than its id's
    await writeFiles(cli.folder, { [`p/${name}`]: gzipSync(transcript(1)) });
    await writeFile(join(cli.folder, "p/20260115t100000000z.0123456789abcdef.json"), "{}");
    expect(await imported(cli, "p")).toMatchObject({ imported: 1, leftOut: [{ reason: "not a transcript" }] });
    expect(await idsOf(cli)).toEqual([name.replace(".jsonl.gz", "")]);
  });
});
