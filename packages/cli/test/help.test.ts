/** The help: by what people want, with examples that work, and a hint for what was misspelt. */
import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { withIdsLast } from "../src/arguments.js";
import type { ActionFor } from "../src/command.js";
import { examplesOf } from "../src/help/examples.js";
import { createProgram, valueFlags } from "../src/program.js";
import { newCli, newFolder, Sink } from "./support/cli.js";
import { IDLE } from "./support/idle.js";

async function programFor(words: readonly string[], action: ActionFor = IDLE): Promise<Command> {
  return createProgram({ stdout: new Sink(), stderr: new Sink() }, words, action);
}

async function visible(): Promise<readonly Command[]> {
  const program = await programFor(["--help"]);
  return program.createHelp().visibleCommands(program);
}

/** Runs the line in a shell where every program is a stand-in; resolves to the words of each call of ours. */
async function callsIn(line: string): Promise<readonly (readonly string[])[]> {
  const folder = await newFolder();
  const calls = join(folder, "calls");
  await mkdir(calls);
  const files: Readonly<Record<string, string>> = {
    // Each call writes a file of its own: programs of one pipe run at the same time, and their words would mix in one.
    "session-archiver": `#!/bin/sh\nfor word; do printf '%s\\0' "$word"; done > '${calls}'/$$\n`,
    ...Object.fromEntries(["jq", "wc", "source"].map((name) => [name, "#!/bin/sh\nexit 0\n"])),
    "ids.txt": "",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  for (const name of Object.keys(files)) await chmod(join(folder, name), 0o755);
  const env = { PATH: folder, HOME: "/home/me" };
  const { status, stderr } = spawnSync("/bin/sh", ["-c", line], { cwd: folder, env, encoding: "utf8" });
  expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: "" });
  const written = await Promise.all((await readdir(calls)).map((name) => readFile(join(calls, name), "utf8")));
  return written.map((call) => call.split("\0").slice(0, -1));
}

describe("examples", () => {
  test("each command has two to four, and help COMMAND and COMMAND --help show them", async () => {
    const cli = await newCli();
    for (const command of await visible()) {
      const name = command.name();
      const examples = examplesOf(name);
      expect({ name, enough: examples.length >= 2 && examples.length <= 4 }).toEqual({ name, enough: true });
      const { text } = await cli.run("help", name);
      expect((await cli.run(name, "--help")).text).toBe(text);
      for (const { does, line } of examples) expect(text).toContain(`  # ${does}\n  ${line}\n`);
    }
  });

  test("each calls its command in a way that the program understands", async () => {
    for (const command of await visible()) {
      for (const { line } of examplesOf(command.name())) {
        const called = new Set<string>();
        for (const words of await callsIn(line)) {
          let runs = 0;
          const work = () => async (): Promise<void> => void runs++;
          const program = await programFor(words, Object.assign(work, { alone: work }));
          await program.parseAsync(withIdsLast(words, valueFlags(program)), { from: "user" });
          expect({ line, runs }).toEqual({ line, runs: 1 });
          called.add(program.args[0] ?? "");
        }
        expect({ line, called: [...called] }).toEqual({ line, called: expect.arrayContaining([command.name()]) });
      }
    }
  });

  test("the overview tells of them, and loads none", async () => {
    const { text } = await (await newCli()).run("help");
    expect(text).toContain("session-archiver help COMMAND");
    expect(text).not.toContain("Examples:");
  });
});

test("the overview groups all commands by what people want, and help alone is the same", async () => {
  const cli = await newCli();
  const { text } = await cli.run("help");
  expect((await cli.run("--help")).text).toBe(text);
  for (const command of await visible()) {
    expect(command.helpGroup()).toMatch(/^[A-Z].*:$/);
    expect(text).toContain(`\n${command.helpGroup()}\n`);
    expect(text).toMatch(new RegExp(`^  ${command.name()}[ |]`, "m"));
  }
  expect(text).not.toContain("\nCommands:\n");
  expect(text).not.toContain("__complete");
});

test.each([
  [["lsit"], "list"],
  [["help", "lsit"], "list"],
  [["unpn", "x"], "unpin"],
  [["list", "--jsn"], "--json"],
  [["prune", "--older-then", "3"], "--older-than"],
  [["completion", "bsh"], "bash"],
])("for %j, the answer names %s", async (words, near) => {
  const run = await (await newCli()).run(...words);
  expect(run).toMatchObject({ exitCode: 2, text: "", stderr: expect.stringContaining(near) });
});
