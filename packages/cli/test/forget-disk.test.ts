/** No byte of the disk holds anything of a forgotten session any more, whatever the session has been through. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openFs, openFsArchives } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { type Archiver, bytesOf, createArchiver, type Ports, toBytes } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { grepDisk } from "./support/grep-disk.js";
import { claudeLines, codexLines, imported, bytesOf as output } from "./support/imports.js";
import { writeFiles } from "./support/sessions.js";

const ID = "0d6a51f3-6f0b-4c8e-9d2f-5a1b3c7e9f10";
const SESSION = `claude-code:${ID}`;
const OTHERS = ["claude-code:kept-one", "codex:kept-two"];

/** Where each word stands; together they are all kinds of things that may be known of a session. */
const WORDS = {
  prose: "qwzx-prose-7141",
  umlaut: "qwzx-gemüse-7142",
  title: "qwzx-title-7143",
  cwd: "qwzx-cwd-7144",
  file: "qwzx-file-7145",
  tool: "qwzx-tool-7146",
  sidecar: "qwzx-sidecar-7147",
  sidecarName: "qwzx-sidename-7148",
  later: "qwzx-later-7149",
  rewritten: "qwzx-rewritten-7150",
  reason: "qwzx-reason-7151",
  hostMeta: "qwzx-meta-7152",
  subagent: "qwzx-subagent-7153",
  quarantine: "qwzx-quarantine-7154",
  torn: "qwzx-torn-7155",
};
const ALL = Object.values(WORDS);

const MAIN = [
  claudeLines(ID, 3, `${WORDS.prose} ${WORDS.umlaut}`, { cwd: `/home/ada/${WORDS.cwd}` }),
  `${JSON.stringify({ type: "custom-title", customTitle: WORDS.title, sessionId: ID })}\n`,
  claudeLines(ID, 1, "tool", { toolUseResult: { stdout: WORDS.tool } }),
  // So long that what comes later is archived apart: a database cuts a long archive into pages, of which the search can read only the first.
  claudeLines(ID, 1000, "nothing in particular"),
].join("");
const PATH = `p/${WORDS.file}/${ID}.jsonl`;
const FILES = {
  [PATH]: MAIN,
  [`p/${WORDS.file}/${ID}/subagents/agent-a1.jsonl`]: claudeLines(ID, 2, WORDS.subagent, {
    isSidechain: true,
    agentId: "a1",
  }),
  "p/kept-one.jsonl": claudeLines("kept-one", 400, "nothing to hide"),
  "p/kept-two.jsonl": codexLines("kept-two", 400, "nothing to hide"),
};

interface Place {
  readonly always: readonly string[];
  open(home: string): Promise<Ports & { close(): Promise<void> }>;
  /** Where the files lie that are being written. */
  readonly staging: readonly string[];
  readonly database: string | undefined;
}

const PLACES: Readonly<Record<string, Place>> = {
  "sqlite and folders": {
    always: [],
    async open(home) {
      const store = await openSqlite(join(home, "sessions.db"));
      const sink = openFsArchives(join(home, "archives"));
      const close = async (): Promise<void> => {
        await store.close();
        await sink.close();
      };
      return { ...store, archives: sink, close };
    },
    staging: ["archives/.staging"],
    database: "sessions.db",
  },
  "sqlite only": {
    always: ["--store", "sqlite:home/all.db", "--archives", "sqlite:home/all.db"],
    open: (home) => openSqlite(join(home, "all.db")),
    staging: [],
    database: "all.db",
  },
  "folders only": {
    always: ["--store", "fs:home", "--archives", "fs:home"],
    open: async (home) => openFs(home),
    staging: ["store/.staging", "archives/.staging"],
    database: undefined,
  },
};

async function ran(cli: Cli, ...words: readonly string[]): Promise<void> {
  const run = await cli.run(...words);
  expect([words, run.exitCode, run.stderr]).toEqual([words, 0, expect.any(String)]);
}

/** Does something as a host would, through the library. */
async function inLibrary(
  place: Place,
  home: string,
  work: (archiver: Archiver, ports: Ports) => Promise<unknown>,
): Promise<void> {
  const ports = await place.open(home);
  try {
    await work(createArchiver(ports), ports);
  } finally {
    await ports.close();
  }
}

/** A life that leaves traces everywhere. */
async function live(cli: Cli, place: Place): Promise<void> {
  const home = join(cli.folder, "home");
  await writeFiles(cli.folder, FILES);
  expect(await imported(cli, "p")).toMatchObject({ imported: 4, failed: [] });
  await inLibrary(place, home, async (archiver, { blobs }) => {
    const body = bytesOf(new TextEncoder().encode(`a sidecar ${WORDS.sidecar}`));
    await blobs.create({ id: SESSION, name: WORDS.sidecarName }, "live-1", body);
    await archiver.update(SESSION, (meta) => ({ ...meta, note: WORDS.hostMeta }));
  });
  await ran(cli, "archive", SESSION, ...OTHERS);
  await writeFiles(cli.folder, { [PATH]: MAIN + claudeLines(ID, 2, WORDS.later) });
  expect(await imported(cli, "p")).toMatchObject({ appended: 1 });
  await ran(cli, "archive", SESSION);
  await inLibrary(place, home, async (archiver) => {
    await archiver.pruneSession(SESSION, { reason: WORDS.reason });
    await archiver.undoPrune(SESSION);
    await archiver.restore(SESSION, { keepArchive: true });
  });
  await writeFiles(cli.folder, { [PATH]: claudeLines(ID, 4, WORDS.rewritten) });
  expect(await imported(cli, "p")).toMatchObject({ replaced: 1 });
  await ran(cli, "sweep", "--inactive-days", "0");
  await inLibrary(place, home, async (_, { archives }) => {
    const keys = (await Array.fromAsync(archives.list())).map(({ key }) => key);
    const key = keys.find((one) => one.includes(ID) && one.endsWith(".jsonl.gz")) ?? "";
    const damaged = Buffer.concat([await toBytes(archives.read(key)), Buffer.from(WORDS.quarantine)]);
    await archives.put(`quarantine/${key}.damaged`, bytesOf(damaged));
  });
  leaveTorn(home, place);
}

/** What a process leaves that dies while it writes. */
function leaveTorn(home: string, { staging, database }: Place): void {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  for (const folder of staging) {
    mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, folder, `${dead}-00000000-0000-4000-8000-000000000000.tmp`), `${WORDS.torn} and no end`);
  }
  if (database === undefined) return;
  const db = new DatabaseSync(join(home, database));
  db.exec("INSERT INTO sa_loose (stream, owner, seen_at) VALUES (99999, 'dead', 0)");
  db.prepare("INSERT INTO sa_chunks (stream, end_at, bytes) VALUES (99999, ?, ?)").run(
    WORDS.torn.length,
    Buffer.from(WORDS.torn),
  );
  db.close();
}

describe.each(Object.entries(PLACES))("in %s", (_, place) => {
  test("nothing of a forgotten session is on the disk, and all else is whole", async () => {
    const cli = await newCli(...place.always);
    const home = join(cli.folder, "home");
    await live(cli, place);
    const before = grepDisk(home, ALL);
    expect(ALL.filter((word) => before[word] === undefined)).toEqual([]);
    // Some are in compressed bytes only, so these must be looked into.
    expect(
      Object.values(before)
        .flat()
        .filter((where) => where.startsWith("gzip")),
    ).not.toEqual([]);

    const run = await cli.run("forget", SESSION, "--yes");
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining("still on disk: ")]);
    expect(run.text).toMatch(new RegExp(`^forgot ${SESSION}: .*\\nforgot ${SESSION}/agent-a1: .*\\n$`));
    expect(grepDisk(home, ALL)).toEqual({});
    // The same search finds what stays.
    const staying = ["nothing to hide", SESSION];
    expect(Object.keys(grepDisk(home, staying)).sort()).toEqual(staying.toSorted());

    expect(await imported(cli, "p")).toMatchObject({ imported: 0, forgotten: 2, unchanged: 2, exitCode: 0 });
    expect(grepDisk(home, ALL)).toEqual({});
    await ran(cli, "verify");
    await ran(cli, "gc", "--grace", "0");
    await ran(cli, "sweep", "--inactive-days", "0");
    expect(await output(cli, OTHERS[0] ?? "")).toBe(FILES["p/kept-one.jsonl"]);
    expect(await output(cli, OTHERS[1] ?? "")).toBe(FILES["p/kept-two.jsonl"]);
    expect(grepDisk(home, ALL)).toEqual({});
  }, 60_000);
});
