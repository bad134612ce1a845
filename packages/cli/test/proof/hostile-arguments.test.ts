/** For any arguments and any store contents: an exit code, one line that can't control the terminal, and no change. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { bytesOf } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonText } from "../../src/output/text.js";
import { type Cli, newCli, type Run } from "../support/cli.js";
import { listAll } from "../support/listed.js";
import { transcript, writeFiles } from "../support/sessions.js";

const FUZZ = Math.max(1, Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) || 1);
/** Characters that a terminal may interpret, such as C1 controls and right-to-left overrides. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const COMMANDS = [
  "import",
  "list",
  "info",
  "sweep",
  "archive",
  "restore",
  "verify",
  "pin",
  "unpin",
  "cat",
  "export",
  "prune",
  "undo-prune",
  "stats",
  "gc",
  "collect",
  "help",
];
const FLAGS = [
  "--home",
  "--store",
  "--archives",
  "--json",
  "--tail",
  "--since",
  "--lines",
  "-o",
  "--output",
  "--force",
  "--inactive-days",
  "--max-total-bytes",
  "--older-than",
  "--by",
  "--grace",
  "--dry-run",
  "--unknown",
  "--yes",
  "-0",
  "--nope",
  "-x",
  "--",
  "-",
  "--version",
  "--help",
];
const WORDS = [
  "",
  " ",
  "s",
  "nobody",
  "0",
  "-1",
  "1e9",
  "NaN",
  "Infinity",
  "9".repeat(400),
  "0x10",
  "1:2",
  "2:1",
  ":",
  "10:",
  "0:0",
  "99999999999999999999:",
  "500M",
  "1PB",
  "99999PB",
  "-5MB",
  "2026-02-30",
  "2026-01-01T99:99",
  "1d",
  `${"9".repeat(400)}d`,
  "-1h",
  "sqlite:",
  "fs:",
  "fs:..",
  "sqlite:/",
  "fs:/dev/null",
  "sqlite:/dev/null",
  "sqlite:.",
  "fs:s.jsonl",
  "postgres:x",
  "../..",
  "..",
  "/",
  "/dev/null",
  "/dev/zero",
  "/proc/self/mem",
  "s.jsonl",
  "nothing.jsonl",
  "x.jsonl.gz",
  "\u001b[31mred",
  "\u001b]0;title\u0007",
  "\u009b2J",
  "a\nerror: forged",
  "\u202egpj.exe",
  "\u2028",
  "a\u0000b",
  "\ud800",
  "x".repeat(5000),
  "é",
  "🎉",
  "-rf",
  "$(id)",
  "`id`",
  "%s%n",
  "__proto__",
  "constructor",
  "--__proto__",
];

/** The folder's contents, without files that opening a store leaves. */
async function hashOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((file) => file.isFile()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(entry.parentPath, entry.name);
    if (/sessions\.db/.test(path)) continue;
    hash.update(path).update(await readFile(path));
  }
  return hash.digest("hex");
}

async function contentOf(cli: Cli): Promise<unknown> {
  return await listAll(cli);
}

function checkRun(words: readonly string[], { exitCode, stdout, text, stderr }: Run): void {
  const said = `${JSON.stringify(words)}: ${exitCode} ${JSON.stringify(stderr.slice(0, 500))}`;
  expect([0, 1, 2], said).toContain(exitCode);
  expect(CONTROLS.test(stderr), said).toBe(false);
  // Stacks are only printed on request.
  expect(/^ {4}at |node:internal|TypeError|RangeError|undefined/m.test(stderr), said).toBe(false);
  const raw = words.some((word) => ["cat", "-", "-o-", "--output=-"].includes(word));
  if (!raw) expect(CONTROLS.test(text), said).toBe(false);
  // What comes after `--` is no option.
  const options = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (options.includes("--json") && exitCode !== 0 && stdout.length > 0) JSON.parse(text);
  if (exitCode === 2) expect(stderr === "" ? text : stderr, said).toMatch(/^(error: .+|Usage: )/);
}

async function withSession(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "s.jsonl": transcript(5), "x.jsonl.gz": "no gzip" });
  expect((await cli.run("import", "s.jsonl")).exitCode).toBe(0);
  expect((await cli.run("archive", "s")).exitCode).toBe(0);
  return cli;
}

describe("arguments of every wrong kind", () => {
  test("end with an exit code and a line, and lose nothing", async () => {
    const cli = await withSession();
    const counts: Record<number, number> = {};
    const before = await contentOf(cli);
    // Commands that change sessions run only with arguments that can't be valid.
    const reading = ["list", "info", "verify", "cat", "stats", "help", "import", "export", "unpin"];
    const word = fc.oneof(fc.constantFrom(...WORDS), fc.string(), fc.string({ unit: "binary" }));
    const command = fc.constantFrom(...reading, ...COMMANDS);
    await fc.assert(
      fc.asyncProperty(
        command,
        fc.array(fc.oneof({ weight: 2, arbitrary: word }, { weight: 1, arbitrary: fc.constantFrom(...FLAGS) }), {
          maxLength: 5,
        }),
        async (name, more) => {
          // This test doesn't open foreign or new stores.
          if (more.some((text) => /^(--home|--store|--archives|--force)/.test(text))) return;
          const words = [name, ...more, ...(["sweep", "prune", "gc", "collect"].includes(name) ? ["--dry-run"] : [])];
          if (
            ["archive", "restore", "pin", "undo-prune", "export", "import"].includes(name) &&
            more.some((text) => /^(s|s\.jsonl|\.|\.\.|\/|\.\.\/\.\.|)$/.test(text.trim()))
          )
            return;
          const run = await cli.run(...words);
          checkRun(words, run);
          counts[run.exitCode] = (counts[run.exitCode] ?? 0) + 1;
        },
      ),
      { numRuns: 400 * FUZZ },
    );
    console.info("[hostile] command lines, by exit code:", JSON.stringify(counts));
    expect(await contentOf(cli)).toEqual(before);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  test("for every option and command: missing, empty, wrong", async () => {
    const cli = await withSession();
    const before = [await contentOf(cli), await hashOf(join(cli.folder, "home"))];
    for (const name of COMMANDS) {
      for (const flag of FLAGS.filter(
        (text) => !["--json", "--force", "--dry-run", "--version", "--help"].includes(text),
      )) {
        for (const value of [undefined, "", "\u001b[2J", "\u009b", "-1", "NaN"]) {
          if ((flag === "-o" || flag === "--output") && name === "export" && value) continue;
          const words = [
            name,
            ...(["cat", "export"].includes(name) ? ["nobody"] : []),
            flag,
            ...(value === undefined ? [] : [value]),
          ];
          const run = await cli.run(...words);
          checkRun(words, run);
          const isList =
            run.exitCode === 0 && ["list", "verify", "stats", "sweep", "prune", "help", "gc", "collect"].includes(name);
          if (!isList && flag !== "--" && flag !== "--home")
            expect([1, 2], JSON.stringify(words)).toContain(run.exitCode);
        }
      }
    }
    expect([await contentOf(cli), await hashOf(join(cli.folder, "home"))]).toEqual(before);
  });

  test.each([
    ["sqlite:/dev/null"],
    ["sqlite:."],
    ["sqlite:s.jsonl"],
    ["sqlite:s.jsonl/x.db"],
    ["fs:s.jsonl"],
    ["fs:/dev/null"],
    ["fs:s.jsonl/below"],
  ])("a path that isn't a store: %s", async (store) => {
    const cli = await withSession();
    const session = await readFile(join(cli.folder, "s.jsonl"));
    for (const words of [["list"], ["verify"], ["import", "s.jsonl"], ["sweep"], ["stats", "--json"]]) {
      for (const flag of ["--store", "--archives"]) {
        const all = [flag, store, ...words];
        const run = await cli.run(...all);
        checkRun(all, run);
      }
    }
    expect(await readFile(join(cli.folder, "s.jsonl"))).toEqual(session);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  test("defect: an argument that was quoted in an error could control the terminal", async () => {
    const cli = await newCli();
    for (const words of [
      ["\u001b[31m"],
      ["list", "--\u009b2J"],
      ["cat", "a", "--tail", "\u001b]0;x\u0007"],
      ["lst\nerror: x"],
    ]) {
      const run = await cli.run(...words);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(/\\u\{(1b|9b|a)\}/);
      expect(CONTROLS.test(run.stderr)).toBe(false);
    }
    expect((await cli.run("lst")).stderr).toBe("error: unknown command 'lst'\n(Did you mean list?)\n");
  });

  test("defect: a time before all times was not a usage error", async () => {
    const run = await (await newCli()).run("cat", "s", "--since", `${"9".repeat(400)}d`);
    expect(run).toMatchObject({ exitCode: 2, text: "" });
  });
});

describe("ids and titles from any source", () => {
  const ids = [
    "\u001b[31mred",
    "\u009b2J",
    "\u202egpj",
    "a\r\u001b[Aerror",
    "\u0007",
    "\u2028x",
    "\u{e0041}tag",
    "a\u200bb",
    "\u0000",
  ];

  test("never control the terminal in any listing, plain or JSON, and stay the same for a parser", async () => {
    const cli = await newCli();
    await mkdir(join(cli.folder, "home"));
    const store = await openSqlite(join(cli.folder, "home", "sessions.db"));
    for (const id of ids) {
      await store.objects.put(
        id,
        { view: "agent", title: id, [KEY.lastActivity]: 1, [KEY.lineCount]: 1, [KEY.pruneReason]: id },
        null,
      );
      await store.blobs.create({ id, name: "output" }, "g", bytesOf(new TextEncoder().encode("x\n")));
    }
    const bad = "\u001b[5mbad";
    await store.objects.put(bad, { [KEY.archivedAt]: 5, [KEY.archiveKey]: "\u001b[5m" }, null);
    await store.close();
    for (const words of [
      ["list"],
      ["stats"],
      ["sweep", "--dry-run"],
      ["pin", ...ids],
      ["unpin", ...ids],
      ["verify"],
      ["archive", ...ids],
      ["list"],
      ["prune", "--older-than", "0", "--dry-run"],
      ["prune", "--older-than", "0"],
      ["undo-prune", ...ids],
      ["restore", ...ids],
      ["gc", "--grace", "0", "--dry-run"],
      ["gc", "--grace", "0"],
      ["export", ids[0] ?? ""],
      ["export", ids[2] ?? ""],
      ["cat", "no\u001b[1m"],
    ]) {
      for (const json of [[], ["--json"]]) {
        const run = await cli.run(...json, ...words);
        expect(CONTROLS.test(run.stderr), JSON.stringify(words)).toBe(false);
        expect(CONTROLS.test(run.text), JSON.stringify(words)).toBe(false);
        if (json.length > 0 && run.text !== "") run.json();
      }
    }
    const listed = await listAll(cli);
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set([...ids, bad]));
    const cat = await cli.run("cat", "--json", ids[1] ?? "");
    expect(CONTROLS.test(cat.text)).toBe(false);
    expect(cat.json()).toMatchObject({ id: ids[1], bytes: 2 });
  });

  test("are written as JSON that any parser reads back unchanged", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...ids), fc.jsonValue()), (value) => {
        const text = jsonText(value);
        expect(CONTROLS.test(text)).toBe(false);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 300 * FUZZ },
    );
  });

  test("defect: a size that can't be in one session's metadata ended `stats` and `list` for all", async () => {
    const cli = await withSession();
    const store = await openSqlite(join(cli.folder, "home", "sessions.db"));
    for (const [i, size] of [1e308, -1, 1e308].entries()) {
      await store.objects.put(
        `bad${i}`,
        { [KEY.archiveBytes]: size, [KEY.lineCount]: size, [KEY.lastActivity]: 1e300 },
        null,
      );
    }
    await store.close();
    for (const words of [["list", "--all"], ["list", "--all", "--wide"], ["stats"], ["sweep", "--dry-run"]])
      expect(await cli.run(...words)).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("export", () => {
  test("stays in the folder for any id", async () => {
    const cli = await newCli();
    await mkdir(join(cli.folder, "home"));
    const store = await openSqlite(join(cli.folder, "home", "sessions.db"));
    const ids = [
      "..",
      "../..",
      "a/..",
      "/etc/passwd",
      "a/",
      "a\\b",
      "CON",
      "c:x",
      "-rf",
      "~",
      "x".repeat(900),
      "a\u0000",
      ".",
      "\n",
    ];
    for (const id of ids) {
      await store.objects.put(id, { view: "agent" }, null);
      await store.blobs.create({ id, name: "output" }, "g", bytesOf(new TextEncoder().encode("x\n")));
    }
    await store.close();
    await mkdir(join(cli.folder, "in", "here"), { recursive: true });
    const env = { SESSION_ARCHIVER_HOME: join(cli.folder, "home") };
    for (const id of ids)
      checkRun(["export", id], await cli.runWith({ env, cwd: join(cli.folder, "in", "here") }, "export", "--", id));
    expect((await readdir(cli.folder)).sort()).toEqual(["home", "in"]);
    expect(await readdir(join(cli.folder, "in"))).toEqual(["here"]);
    for (const name of await readdir(join(cli.folder, "in", "here"))) expect(name).toMatch(/\.jsonl$/);
  });
});

test("a file that only looks compressed is reported, and fails the run only if that was requested", async () => {
  const cli = await newCli();
  await writeFile(join(cli.folder, "x.jsonl.gz"), "x");
  const run = await cli.run("import", "x.jsonl.gz");
  expect(run).toMatchObject({ exitCode: 0, text: "0 imported, 0 appended, 0 skipped, 1 failed.\n" });
  expect(run.stderr).toMatch(/^failed: x\.jsonl\.gz: ".*x\.jsonl\.gz" can't be unpacked: .* \[CORRUPT\]\n$/);
  expect((await cli.run("import", "--strict", "x.jsonl.gz")).exitCode).toBe(1);
});
