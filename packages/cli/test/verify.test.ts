/** `verify`: samples, and passes that go on where they stopped. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { VerifyReport } from "@session-archiver/core";
import { expect, test } from "vitest";
import type { ListedSession, SessionDetails } from "../src/index.js";
import { formatTime } from "../src/output/times.js";
import { type Cli, newCli } from "./support/cli.js";
import { transcript, writeFiles } from "./support/sessions.js";

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

/** Three archived sessions and a live one. `at` runs a command at that hour. */
async function newStore(...always: string[]): Promise<{
  readonly cli: Cli;
  at(hour: number, ...words: string[]): ReturnType<Cli["run"]>;
}> {
  const cli = await newCli(...always);
  const ids = ["a", "b", "c", "live"];
  await writeFiles(cli.folder, Object.fromEntries(ids.map((id) => [`p/${id}.jsonl`, transcript(20, undefined, id)])));
  const at = (hour: number, ...words: string[]) => cli.runWith({ now: () => NOW + hour * HOUR }, ...words);
  await at(0, "import", "p");
  await at(0, "archive", "a", "b", "c");
  return { cli, at };
}

/** Flips a bit in the session's archive; doing it twice mends it. */
async function flip(cli: Cli, id: string): Promise<void> {
  const [{ archive }] = (await cli.run("info", id, "--json")).json<[SessionDetails]>();
  const path = join(cli.folder, "home/archives", archive[0]?.key ?? "");
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  await writeFile(path, bytes.fill((bytes[middle] ?? 0) ^ 1, middle, middle + 1));
}

const known = (hour: number): string => formatTime(NOW + hour * HOUR);

test("a sample is of the archived sessions, and says since when all are known to be whole", async () => {
  const { at } = await newStore();
  const { exitCode, text } = await at(5, "verify", "--sample", "2");
  expect(exitCode).toBe(0);
  expect(text).toBe(
    `2 of 3 archived sessions checked, all whole.\nEvery archive was known to be whole on ${known(0)} or later.\n`,
  );
  const report = (await at(5, "verify", "--sample", "1%", "--json")).json<VerifyReport>();
  expect(report).toEqual({ checked: 1, bad: [], skipped: 2, total: 3, complete: false, knownWholeAt: NOW });
  expect((await at(5, "verify", "--sample", "100%", "--json")).json()).toMatchObject({ checked: 3, skipped: 0 });
  // Nothing was noted.
  expect((await at(6, "info", "a")).text).toContain(`\nKnown whole    ${known(0)} or later\n`);
});

test.each([[[]], [["--store", "fs:live"]]])(
  "a pass notes what is whole, and ends in spite of a bad one: %j",
  async (always) => {
    const { cli, at } = await newStore(...always);
    await flip(cli, "b");
    const first = await at(5, "verify", "--continue");
    expect(first.exitCode).toBe(1);
    expect(first.text).toBe(
      `4 sessions checked, 1 bad.\nThe pass over all 4 sessions is complete.\nEvery other archive was known to be whole on ${known(5)} or later.\n`,
    );
    expect(first.stderr).toMatch(/^failed: b: .*damaged.* \[CORRUPT\]$/m);
    expect((await at(6, "info", "a")).text).toContain(`\nKnown whole    ${known(5)} or later\n`);
    expect((await at(6, "info", "b")).text).toContain(`\nKnown whole    ${known(0)} or later\n`);
    expect((await at(6, "info", "live")).text).not.toContain("Known whole");
    await flip(cli, "b");
    const second = await at(7, "verify", "--continue", "--json");
    expect(second.json()).toEqual({
      ...{ checked: 4, bad: [], skipped: 0, total: 4, complete: true },
      knownWholeAt: NOW + 7 * HOUR,
    });
  },
);

test("`verify` alone and of named sessions says what it said before, and notes nothing", async () => {
  const { at } = await newStore();
  expect((await at(5, "verify")).text).toBe("4 sessions checked, all whole.\n");
  expect((await at(5, "verify", "a", "b")).text).toBe("2 sessions checked, all whole.\n");
  const all = (await at(5, "verify", "--json")).json<VerifyReport>();
  expect(all).toMatchObject({ checked: 4, skipped: 0, total: 4, complete: true, knownWholeAt: NOW + 5 * HOUR });
  expect((await at(5, "verify", "a", "--json")).json()).toMatchObject({ checked: 1, total: null, complete: false });
  const [info] = (await at(6, "info", "a", "--json")).json<[SessionDetails]>();
  expect(info).toMatchObject({ knownWholeAt: NOW });
  expect(info.meta).not.toHaveProperty("session:verified_at");
});

test("a list shows the same as before a pass", async () => {
  const { at } = await newStore();
  const before = (await at(5, "list", "--json")).json<ListedSession[]>();
  await at(5, "verify", "--continue");
  expect((await at(5, "list", "--json")).json()).toEqual(before);
  expect(Object.keys(before[0] ?? {})).not.toContain("knownWholeAt");
});

const WRONG_SAMPLES = ["0", "-1", "1.5", "x", "", "0%", "101%", "%"];

test.each<readonly [words: readonly string[], message: string]>([
  [["a", "--sample", "2"], "--sample is for the whole store"],
  [["a", "--continue"], "--continue is for the whole store"],
  [["-", "--continue"], "--continue is for the whole store"],
  [["--sample", "2", "--continue"], "not both"],
  ...WRONG_SAMPLES.map(
    (sample) => [["--sample", sample], "Write a number of sessions from 1 on, or a share such as 5%"] as const,
  ),
])("verify %j is wrong usage", async (words, message) => {
  const { cli, at } = await newStore();
  const { exitCode, stderr, text } = await at(5, "verify", ...words);
  expect([exitCode, text]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect((await cli.run("info", "a")).text).not.toContain("session:verified_at");
});

test.each([["--continue"], ["--sample", "1"]])("verify %s makes no store where there is none", async (...words) => {
  const cli = await newCli();
  const { exitCode, stderr } = await cli.run("verify", ...words);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("There is no home");
  expect(existsSync(join(cli.folder, "home"))).toBe(false);
});
