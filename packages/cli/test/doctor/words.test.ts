/** What `doctor` and `rebuild` say in a terminal: commands that can be pasted, sizes for people, one line each. */

import { existsSync } from "node:fs";
import { cp, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newCli } from "../support/cli.js";
import { archiveFile } from "../support/doctor.js";
import { must, newHome } from "../support/planted.js";
import { transcript, writeFiles } from "../support/sessions.js";

test("a command that doctor names works for another home than the user's own", async () => {
  const { cli } = await newHome();
  await cp(join(cli.folder, "home"), join(cli.folder, "other home"), { recursive: true });
  await rm(join(cli.folder, "other home", "sessions.db"));
  const { text, exitCode } = await cli.run("--home", "other home", "doctor");
  expect(exitCode).toBe(1);
  expect(text).toContain("again from the archives: session-archiver --home 'other home' rebuild\n");
  expect(text).toContain("1 thing to mend. `doctor --repair` does what is safe");
});

test("what a repair did stands in lines of its own", async () => {
  const { cli, home } = await newHome();
  await truncate(join(home, "sessions.db"), 0);
  const { stderr, exitCode } = await cli.run("doctor", "--repair");
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^did: Made \d sessions anew/m);
  expect(stderr).not.toContain("\\u{");
});

test("a repair says which lines are lost, in sizes for people", async () => {
  const { cli, home } = await newHome();
  const archive = await archiveFile(home, "a");
  await truncate(archive, (await stat(archive)).size - 50_000);
  const { text } = await cli.run("doctor");
  expect(text).not.toMatch(/\d{4,} bytes/);
  const { stderr } = await cli.run("doctor", "--repair");
  expect(stderr).toMatch(/^did: salvaged: a\. Lost: lines \d+ to 40 /m);
});

test("a rebuild where there is nothing makes no home, and says so", async () => {
  const cli = await newCli();
  const { exitCode, stderr } = await cli.run("rebuild");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("There is neither a catalogue");
  expect(existsSync(join(cli.folder, "home"))).toBe(false);
});

test("damage in a catalogue leads to doctor", async () => {
  const { cli, home } = await newHome();
  await truncate(join(home, "sessions.db"), 5000);
  expect((await cli.run("list")).stderr).toContain("`session-archiver doctor` says what can be done. [CORRUPT]");
});

test("a finding about one session names it, and how to take in another store's archives", async () => {
  const { cli, home } = await newHome();
  await rm(join(home, "sessions.db"));
  await must(cli, "rebuild");
  expect((await cli.run("doctor")).text).toMatch(/^note: 1 session had live output .*\n {2}sessions: resumed$/m);
  await rm(join(home, "sessions.db"));
  await writeFiles(cli.folder, { "q/new.jsonl": transcript(3, undefined, "new") });
  await must(cli, "import", "q");
  await must(cli, "archive", "new");
  const { text } = await cli.run("doctor", "--grace", "0");
  const [, store] = /archives of other stores here, .*: ([0-9a-f]{12}) \(/.exec(text) ?? [];
  expect(text).toContain("session-archiver rebuild --store-id ID");
  expect(await must(cli, "rebuild", "--store-id", store ?? "")).toMatchObject({ exitCode: 0 });
  expect((await cli.run("list")).text).toContain("resumed");
});
