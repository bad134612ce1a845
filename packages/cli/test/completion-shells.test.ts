/** The scripts of `completion` in the real shells: what is inserted, and that no word of anybody is ever run. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { claudeLines } from "./support/imports.js";
import { must } from "./support/planted.js";
import { transcript, writeFiles } from "./support/sessions.js";
import { lacking, openShell, SCRIPTS, type ShellName, shellFolder } from "./support/shells.js";

const SHELLS = Object.keys(SCRIPTS) as readonly ShellName[];
const UUID = "0b2c3d4e-4e5f-4061-8071-2a3b4c5d6e7f";
const OTHER = "0b2c3d4e-5e5f-4061-8071-2a3b4c5d6e7f";
/** Each would make a file if a shell ran it, or read it as more than one word. */
const HOSTILE = [
  "h $(touch ran)",
  "i`touch ran`",
  "j'\"; touch ran; '",
  "k&touch ran&",
  ["l$", "{x:=$(touch ran)}"].join(""),
  "m*?[a]~#!",
  "n\\ \\",
];

async function withSessions(): Promise<Cli> {
  const cli = await newCli();
  const title = `${JSON.stringify({ type: "custom-title", customTitle: "T $(touch ran) `touch ran`", sessionId: UUID })}\n`;
  await writeFiles(cli.folder, {
    [`p/${UUID}.jsonl`]: claudeLines(UUID, 3) + title,
    [`p/${OTHER}.jsonl`]: claudeLines(OTHER, 3),
    ...Object.fromEntries(HOSTILE.map((id) => [`p/${id}.jsonl`, transcript(1)])),
  });
  await must(cli, "import", "p");
  return cli;
}

test("completion prints the scripts that lie in the package", async () => {
  const cli = await newCli();
  for (const shell of SHELLS) {
    const script = await readFile(SCRIPTS[shell], "utf8");
    expect((await cli.run("completion", shell)).text).toBe(script);
    expect((await cli.run("completion", shell, "--json")).json()).toEqual({ shell, script });
  }
  expect(await readdir(cli.folder)).toEqual([]);
  const help = (await cli.run("completion", "--help")).text;
  for (const shell of SHELLS) expect(help).toContain(`session-archiver completion ${shell}`);
});

describe.each(SHELLS)("in %s", (shell) => {
  const why = lacking(shell);
  const inShell = test.skipIf(why !== undefined);
  if (why !== undefined) test.skip(`${shell}: ${why}`, () => {});

  inShell("what TAB inserts is what the program gets, whatever an id holds", async () => {
    const cli = await withSessions();
    const place = await shellFolder(cli);
    const terminal = await openShell(shell, cli.folder, place);
    const typed: readonly (readonly [keys: string, words: readonly string[]])[] = [
      ["swe\t--keep-o\t", ["sweep", "--keep-originals"]],
      ["prune --by arch\t", ["prune", "--by", "archived"]],
      ["prune --by=arch\t", ["prune", "--by=archived"]],
      ["--store sq\tx.db list", ["--store", "sqlite:x.db", "list"]],
      ["--store post\th/db list", ["--store", "postgres://h/db", "list"]],
      ["cat 0b2c3d4e-5\t", ["cat", "0b2c3d4e-5"]],
      [`cat claude-code:${UUID.slice(0, 10)}\t`, ["cat", `claude-code:${UUID}`]],
      ...HOSTILE.map((id) => [`cat ${id.slice(0, 1)}\t`, ["cat", id]] as const),
    ];
    for (const [keys, words] of typed) {
      terminal.type(`session-archiver ${keys}\n`);
      await terminal.shows(/it ran/);
      expect(await place.said(), keys).toEqual(words);
    }
    expect(existsSync(join(cli.folder, "ran"))).toBe(false);
  });

  inShell("nothing that is typed is run while it is completed", async () => {
    const cli = await withSessions();
    const place = await shellFolder(cli);
    const terminal = await openShell(shell, cli.folder, place);
    for (const typed of ["$(touch ran)", "`touch ran`", '"$(touch ran)"', "x$(touch ran)/y"]) {
      // The line is given up again: Ctrl-U empties it.
      terminal.type(`session-archiver cat ${typed} \t\u0015session-archiver list\n`);
      await terminal.shows(/it ran/);
      expect(await place.said()).toEqual(["list"]);
    }
    expect(existsSync(join(cli.folder, "ran"))).toBe(false);
  });

  inShell("several sessions are listed with their titles", async () => {
    const cli = await withSessions();
    const terminal = await openShell(shell, cli.folder, await shellFolder(cli));
    terminal.type("session-archiver cat 0b2c\t\t\t");
    const list = await terminal.shows(/T \$\(touch ran\) `touch ran`/);
    expect(list).toContain("0b2c3d4e-4");
    expect(existsSync(join(cli.folder, "ran"))).toBe(false);
  });

  inShell("files are the shell's own", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "some $folder/a.jsonl": transcript(1) });
    const place = await shellFolder(cli);
    const terminal = await openShell(shell, cli.folder, place);
    terminal.type("session-archiver import some\t\n");
    await terminal.shows(/it ran/);
    // Zsh takes the slash away again when the line is run.
    expect(await place.said()).toEqual(["import", expect.stringMatching(/^some \$folder\/?$/)]);
  });
});

test.skipIf(lacking("fish"))("fish shows what each command is for", async () => {
  const cli = await newCli();
  const { env } = await shellFolder(cli);
  const command = `source '${SCRIPTS.fish}'; complete -C 'session-archiver li'`;
  const { stdout } = spawnSync("fish", ["--no-config", "-c", command], { cwd: cli.folder, env, encoding: "utf8" });
  expect(stdout).toBe("list\tshow sessions, last active first\n");
});
