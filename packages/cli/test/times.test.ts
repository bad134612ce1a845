/** Times in any notation: a session that is being written is not idle, and its lines are found by their times. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { KEY } from "@session-archiver/core/adapter";
import { crc32, inlineManifest } from "@session-archiver/core/format";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { DAY_MS, touch, writeFiles } from "./support/sessions.js";

const iso = (ms: number): string => new Date(ms).toISOString();
const NOW_S = Math.trunc(Date.now() / 1000);
const BOM = "\ufeff";

/** The ways to write a time as JSON. */
const WRITINGS = {
  seconds: (ms: number) => `${Math.trunc(ms / 1000)}`,
  "seconds with a fraction": (ms: number) => `${ms / 1000}`,
  milliseconds: (ms: number) => `${ms}`,
  microseconds: (ms: number) => `${ms}000`,
  nanoseconds: (ms: number) => `${ms}000000`,
  "seconds as text": (ms: number) => `"${Math.trunc(ms / 1000)}"`,
  "milliseconds as text": (ms: number) => `"${ms}"`,
  "ISO 8601": (ms: number) => `"${iso(ms)}"`,
  "ISO 8601 without a zone": (ms: number) => `"${iso(ms).slice(0, -1)}"`,
  "ISO 8601 with a space": (ms: number) => `"${iso(ms).replace("T", " ")}"`,
};

const lineAt = (timestamp: string): string => `{"timestamp":${timestamp},"message":{"content":"hi"}}\n`;

async function cliWith(text: string, mtime = Date.now()): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "s.jsonl": text });
  await touch(join(cli.folder, "s.jsonl"), mtime);
  expect((await cli.run("import", "s.jsonl")).exitCode).toBe(0);
  return cli;
}

async function lastActivity(cli: Cli): Promise<number | null | undefined> {
  return (await listAll(cli))[0]?.lastActivityMs;
}

describe.each(Object.entries(WRITINGS))("of times as %s", (_, write) => {
  // The file is old, as a copy may be; only the times in it show that the session is in use.
  const old = Date.now() - 90 * DAY_MS;

  test.each([
    ["", ""],
    ["after a byte order mark", BOM],
  ])("a session of five seconds ago is not idle, and is found by its time %s", async (_name, bom) => {
    const text = bom + [5, 4, 3, 2].map((ago) => lineAt(write(Date.now() - ago * 1000))).join("");
    const cli = await cliWith(text, old);
    expect((await cli.run("sweep", "--inactive-days", "30", "--json")).json()).toMatchObject({ archivedCount: 0 });
    expect((await cli.run("cat", "s", "--since", "1h")).text).toBe(text);
    expect((await cli.run("archive", "s")).exitCode).toBe(0);
    expect((await cli.run("cat", "s", "--since", "1h")).text).toBe(text);
  });

  test("the last activity is the newest of them, and the lines before a time are left out", async () => {
    const times = [40, 3, 2].map((days) => Math.trunc(Date.now() / 1000 - days * 86_400) * 1000);
    const lines = times.map((time) => lineAt(write(time)));
    const cli = await cliWith(lines.join(""));
    expect(await lastActivity(cli)).toBe(times[2]);
    expect((await cli.run("cat", "s", "--since", "30d")).text).toBe(lines.slice(1).join(""));
  });
});

test.each(['"step 3"', '"May 5"', '"2"', '"1.2.3"', '"2026"', "5", '"0001-01-01T00:00:00Z"', "-5"])(
  "%s is not a time, so the file's time is used",
  async (timestamp) => {
    const mtime = Date.now() - DAY_MS;
    const cli = await cliWith(lineAt(timestamp), mtime);
    expect(await lastActivity(cli)).toBe(mtime);
    expect((await cli.run("cat", "s", "--since", "2001-01-01")).text).toBe("");
  },
);

test("the time of a single line after a byte order mark is read", async () => {
  const time = Date.now() - 5 * DAY_MS;
  const cli = await cliWith(BOM + lineAt(`${time}`));
  expect(await lastActivity(cli)).toBe(time);
});

test.each([
  ["live", []],
  ["archived", [["archive", "s"]]],
] as const)(
  "an import corrects times that an earlier version read as seconds, of a session that is %s",
  async (state, commands) => {
    const seconds = Math.trunc(Date.now() / 1000) - 5;
    const cli = await cliWith(lineAt(`${seconds}`));
    for (const words of commands) await cli.run(...words);
    {
      await using store = await openSqlite(join(cli.folder, "home/sessions.db"));
      const object = await store.objects.get("s");
      const wrong = { ...object?.meta, [KEY.startedAt]: seconds, [KEY.lastActivity]: seconds };
      await store.objects.put("s", wrong, object?.version ?? null);
    }
    expect(await lastActivity(cli)).toBe(seconds);
    expect((await cli.run("import", "s.jsonl", "--json")).json()).toMatchObject({ skipped: 1, failed: [] });
    expect(await lastActivity(cli)).toBe(seconds * 1000);
    expect(await listAll(cli)).toMatchObject([{ id: "s", state, lineCount: 1 }]);
  },
);

test.each([
  ["inline", 1],
  ["beside its archive", 2000],
])("a manifest %s is mended on request, and only if it needs that", async (_, lines) => {
  const cli = await cliWith(lineAt(`${NOW_S}`).repeat(lines), Date.now());
  const outcome = async (...words: string[]): Promise<unknown> => {
    const [{ outcome: what } = { outcome: "" }] = (await cli.run("archive", "s", "--json", ...words)).json<
      { outcome: string }[]
    >();
    return what;
  };
  expect(await outcome("--mend-times")).toBe("archived");
  expect(await outcome("--mend-times")).toBe("unchanged");
  const folder = join(cli.folder, "home/archives");
  const files = (await readdir(folder, { recursive: true })).filter((path) => /\.(gz|json)$/.test(path));
  const manifest = files.find((path) => /\.manifest-|\.json$/.test(path) && !path.includes("runs")) ?? "";
  expect(manifest.endsWith(".gz")).toBe(lines === 1);
  const path = join(folder, manifest);
  const right = await readFile(path, "latin1");
  const wrong = right.replace(`${NOW_S}000]`, `${NOW_S}999]`);
  expect(wrong).not.toBe(right);
  await writeFile(path, wrong, "latin1");
  const text = inlineManifest(Buffer.from(wrong, "latin1")) ?? Buffer.from(wrong);
  {
    await using store = await openSqlite(join(cli.folder, "home/sessions.db"));
    const object = await store.objects.get("s");
    await store.objects.put("s", { ...object?.meta, [KEY.manifestCrc32]: crc32(text) }, object?.version ?? null);
  }
  expect(await outcome()).toBe("unchanged");
  expect(await outcome("--mend-times")).toBe("archived");
  expect(await outcome("--mend-times")).toBe("unchanged");
  expect((await cli.run("verify")).exitCode).toBe(0);
});

test.each([
  ["1970", 0],
  ["1980", Date.UTC(1980, 0, 1)],
  ["2100", Date.UTC(2100, 0, 1)],
])("a file dated %s without times in it counts as active now", async (_, mtime) => {
  const before = Date.now();
  const cli = await cliWith('{"role":"user"}\n', mtime);
  expect(await lastActivity(cli)).toBeGreaterThanOrEqual(before);
  expect((await cli.run("sweep", "--inactive-days", "30", "--json")).json()).toMatchObject({ archivedCount: 0 });
});
