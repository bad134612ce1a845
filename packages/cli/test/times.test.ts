/** Times in whatever writing: a session that is being written is not idle, and its lines are found by their times. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ListedSession } from "../src/index.js";
import { type Cli, newCli } from "./support/cli.js";
import { DAY_MS, touch, writeFiles } from "./support/sessions.js";

const iso = (ms: number): string => new Date(ms).toISOString();
const BOM = "\ufeff";

/** How a time is written as JSON. */
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
  return (await cli.run("list", "--json")).json<readonly ListedSession[]>()[0]?.lastActivityMs;
}

describe.each(Object.entries(WRITINGS))("of times as %s", (_, write) => {
  // The file is old, as a copy may be: only the times in it tell that it is in use.
  const old = Date.now() - 90 * DAY_MS;

  it.each([
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

  it("the last activity is the newest of them, and the lines before a time are left out", async () => {
    const times = [40, 3, 2].map((days) => Math.trunc(Date.now() / 1000 - days * 86_400) * 1000);
    const lines = times.map((time) => lineAt(write(time)));
    const cli = await cliWith(lines.join(""));
    expect(await lastActivity(cli)).toBe(times[2]);
    expect((await cli.run("cat", "s", "--since", "30d")).text).toBe(lines.slice(1).join(""));
  });
});

it.each(['"step 3"', '"May 5"', '"2"', '"1.2.3"', '"2026"', "5", '"0001-01-01T00:00:00Z"', "-5"])(
  "%s is no time: the file's is taken",
  async (timestamp) => {
    const mtime = Date.now() - DAY_MS;
    const cli = await cliWith(lineAt(timestamp), mtime);
    expect(await lastActivity(cli)).toBe(mtime);
    expect((await cli.run("cat", "s", "--since", "2001-01-01")).text).toBe("");
  },
);

it.each([
  ["1970", 0],
  ["1980", Date.UTC(1980, 0, 1)],
  ["2100", Date.UTC(2100, 0, 1)],
])("a file of %s without times is one of now", async (_, mtime) => {
  const before = Date.now();
  const cli = await cliWith('{"role":"user"}\n', mtime);
  expect(await lastActivity(cli)).toBeGreaterThanOrEqual(before);
  expect((await cli.run("sweep", "--inactive-days", "30", "--json")).json()).toMatchObject({ archivedCount: 0 });
});
