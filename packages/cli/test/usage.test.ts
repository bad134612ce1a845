import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newCli, newEmptyStore } from "./support/cli.js";

const WRONG: readonly (readonly string[])[] = [
  ["frobnicate"],
  ["list", "extra"],
  ["list", "--nope"],
  ["import"],
  ["archive"],
  ["restore"],
  ["pin"],
  ["unpin"],
  ["undo-prune"],
  ["cat"],
  ["cat", "a", "b"],
  ["cat", "a", "--tail", "-1"],
  ["cat", "a", "--tail", "x"],
  ["cat", "a", "--tail"],
  ["cat", "a", "--lines", "0:3"],
  ["cat", "a", "--tail", "1", "--lines", "1:2"],
  ["cat", "a", "--since", "yesterday"],
  ["cat", "a", "--since", "1d", "--tail", "1"],
  ["cat", "a", "--since", "1d", "--lines", "1:2"],
  ["show"],
  ["show", "a", "b"],
  ["show", "a", "-C", "1"],
  ["show", "a", "--turns", "2-1"],
  ["show", "a", "--color", "blue"],
  ["export"],
  ["export", "a", "b"],
  ["export", "a", "-o"],
  ["export", "a", "-o", ""],
  ["sweep", "--inactive-days", "soon"],
  ["sweep", "--inactive-days", "-1"],
  ["sweep", "--max-total-bytes", "500M"],
  ["sweep", "now"],
  ["prune", "--older-than", "x"],
  ["prune", "--by", "size"],
  ["sweep", "--by", ""],
  ["prune", "--grace", "-3"],
  ["prune", "--max-total-bytes", "lots"],
  ["stats", "x"],
  ["gc", "--grace", "x"],
  ["gc", "--yes"],
  ["collect", "--grace", "x"],
  ["--store", "postgres:x", "list"],
  ["--store", "sqlite:", "list"],
  ["--archives", "/tmp/x", "list"],
  ["--home", "", "list"],
  ["--store", "fs:x", "gc"],
  ["--archives", "fs:x", "gc"],
];

describe("wrong usage", () => {
  test.each(WRONG.map((words) => [words.join(" "), words] as const))("exits with 2: %s", async (_, words) => {
    const cli = await newCli();
    const plain = await cli.run(...words);
    expect(plain).toMatchObject({ exitCode: 2, text: "" });
    expect(plain.stderr).toMatch(/^error: ./);
    const asJson = await cli.run("--json", ...words);
    expect(asJson.exitCode).toBe(2);
    expect(asJson.json()).toEqual({ error: { code: "INVALID_ARGUMENT", message: expect.any(String) } });
    // Nothing is created before the arguments are understood.
    expect(existsSync(join(cli.folder, "home"))).toBe(false);
  });

  test.each([
    ["find", "(Did you mean search?)"],
    ["GREP", "(Did you mean search?)"],
    ["ls", "(Did you mean list?)"],
    ["view", "(Did you mean show?)"],
    ["read", "(Did you mean show?)"],
    ["rm", "(Did you mean one of prune, forget?)"],
    ["serch", "(Did you mean search?)"],
  ])("names the command that %s means", async (word, hint) => {
    const cli = await newCli();
    const error = `unknown command '${word}'\n${hint}`;
    for (const words of [[word], [word, "--name", "x"], ["--home", "x", word]]) {
      if (word === "serch" && words.length > 2) continue;
      expect(await cli.run(...words)).toMatchObject({ exitCode: 2, text: "", stderr: `error: ${error}\n` });
    }
    expect((await cli.run(word, "--json")).json()).toEqual({ error: { code: "INVALID_ARGUMENT", message: error } });
  });

  test("refuses --json if the session itself goes to stdout", async () => {
    const run = await (await newCli()).run("export", "a", "-o", "-", "--json");
    expect(run.exitCode).toBe(2);
    expect(run.json()).toMatchObject({ error: { message: expect.stringContaining("cat --json") } });
  });
});

describe("help and version", () => {
  test.each([["--help"], ["help"], ["help", "sweep"], ["cat", "--help"]])("%s %s ends with 0", async (...words) => {
    const run = await (await newCli()).run(...words.filter((word) => word !== undefined));
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.text).toContain("Usage: session-archiver");
    expect(run.text).toContain("--json");
  });

  test("prints the package's version", async () => {
    const { version } = await import("../package.json", { with: { type: "json" } }).then((module) => module.default);
    expect((await (await newCli()).run("--version")).text).toBe(`${version}\n`);
  });
});

describe("unknown ids", () => {
  test.each([["archive"], ["restore"], ["pin"], ["unpin"], ["undo-prune"]])(
    "%s reports them and goes on",
    async (command) => {
      const run = await (await newCli()).run(command, "nobody", "\u001b[31m", "--json");
      expect(run.exitCode).toBe(1);
      expect(run.json()).toEqual([
        { id: "nobody", code: "NOT_FOUND", message: 'There is no session "nobody".' },
        { id: "\u001b[31m", code: "NOT_FOUND", message: expect.any(String) },
      ]);
      const hint = "`session-archiver list` shows the ids there are.";
      expect(run.stderr).toContain(`failed: nobody: There is no session "nobody". ${hint} [NOT_FOUND]`);
      // An id must not be able to control the terminal.
      expect(run.stderr).not.toContain("\u001b");
    },
  );

  test.each([["cat"], ["export"]])("%s stops", async (command) => {
    const cli = await newEmptyStore();
    expect(await cli.run(command, "nobody")).toMatchObject({
      exitCode: 1,
      text: "",
      stderr: 'error: There is no session "nobody". `session-archiver list` shows the ids there are. [NOT_FOUND]\n',
    });
    expect((await cli.run(command, "nobody", "--json")).json()).toEqual({
      error: { code: "NOT_FOUND", message: 'There is no session "nobody".', id: "nobody" },
    });
  });

  test("verify counts them as bad", async () => {
    const run = await (await newEmptyStore()).run("verify", "nobody", "--json");
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({
      checked: 1,
      bad: [{ id: "nobody", code: "NOT_FOUND", message: 'There is no session "nobody".' }],
    });
  });

  test("prints stacks only on request", async () => {
    const cli = await newEmptyStore();
    expect((await cli.run("cat", "nobody")).stderr).not.toContain(" at ");
    const env = { SESSION_ARCHIVER_HOME: "home", SESSION_ARCHIVER_DEBUG: "1" };
    expect((await cli.runWith({ env }, "cat", "nobody")).stderr).toContain(" at ");
  });
});
