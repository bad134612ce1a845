/** The program loads only the called command's module, and must still understand the same arguments. */
import { expect, test } from "vitest";
import { SYNONYMS } from "../src/commands/synonyms.js";
import { createProgram } from "../src/program.js";
import { Sink } from "./support/cli.js";
import { IDLE } from "./support/idle.js";

async function namesFor(...words: readonly string[]): Promise<readonly string[]> {
  const program = await createProgram({ stdout: new Sink(), stderr: new Sink() }, words, IDLE);
  return program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
}

test("each name of a command loads that command alone", async () => {
  const all = await namesFor("--help");
  expect(all.length).toBeGreaterThan(26);
  for (const name of all) {
    const names = await namesFor(name);
    expect(names).toContain(name);
    expect(names.length).toBeLessThanOrEqual(2);
  }
});

test("words that mean a command are no commands, and mean some that there are", async () => {
  const all = await namesFor("--help");
  for (const [name, words] of Object.entries(SYNONYMS)) {
    expect(all).toContain(name);
    for (const word of words) expect(all).not.toContain(word);
  }
});

test.each([
  [["list"]],
  [["--json", "list", "sweep"]],
  [["--home", "sweep", "list"]],
  [["--home=x", "--store", "fs:x", "--archives=fs:y", "list", "--help"]],
])("%j calls list", async (words) => expect(await namesFor(...words)).toEqual(["list"]));

test.each([[[]], [["--json"]], [["--home", "list"]], [["--home=x", "--store", "fs:x", "--json"]]])(
  "%j calls what runs without a name",
  async (words) => expect(await namesFor(...words)).toEqual(["overview"]),
);

test.each([[["lsit"]], [[""]], [["--", "list"]], [["--nope", "list"]], [["--version", "list"]]])(
  "%j may call any",
  async (words) => expect(await namesFor(...words)).toEqual(await namesFor("--help")),
);

test("the version calls none", async () => expect(await namesFor("--version")).toEqual([]));
