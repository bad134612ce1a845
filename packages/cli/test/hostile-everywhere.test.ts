/** Hostile text in every field, and every command: no byte of it reaches a terminal. `newCli` looks at each run's output. */
import { readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { createProgram } from "../src/program.js";
import { type Cli, newCli, type Run, Sink } from "./support/cli.js";
import { FORGED, HOSTILE, IDS, newHostileHome } from "./support/hostile.js";
import { IDLE } from "./support/idle.js";

const ALL = Object.values(IDS);
/** How a command is called so that it shows what it can. Others are called with all ids, or with hostile words. */
const CALLS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  import: [["p", `missing ${HOSTILE}`, "--strict"], [".claude"], [".codex"]],
  sweep: [
    ["--dry-run", "--inactive-days", "0"],
    ["--source", "claude-code,codex", "--dry-run"],
  ],
  cat: [[IDS.damaged], [`nobody ${HOSTILE}`]],
  export: [[IDS.live], [IDS.live, "-o", HOSTILE], [IDS.live, "-o", `${HOSTILE}/x`], [IDS.damaged, "-o", "d.gz"]],
  resume: [[IDS.claude, "--print"], [IDS.codex, "--print"], [IDS.live]],
  prune: [["--dry-run", "--max-total-bytes", "0"]],
  gc: [["--dry-run", "--grace", "0", "--unknown"]],
  doctor: [[], ["--repair", "--dry-run"]],
  mend: [[IDS.codex], [HOSTILE]],
  forget: [["--dry-run", ...ALL], ALL],
  restore: [[IDS.archived, IDS.damaged, `nobody ${HOSTILE}`]],
};
/** Not before the others have been tried. */
const LAST: readonly (readonly string[])[] = [
  ["sweep", "--inactive-days", "0"],
  ["undo", "--yes"],
  ["history"],
  ["free", IDS.claude, "--yes"],
  ["resume", IDS.claude],
  ["prune", "--max-total-bytes", "0", "--grace", "0"],
  ["gc", "--grace", "0", "--unknown", "--yes"],
  ["salvage", ...ALL],
  ["doctor", "--repair"],
  ["forget", ...ALL, "--yes"],
  ["forget", ...ALL, "--undo"],
  ["list"],
];

async function callsOfAll(): Promise<readonly (readonly string[])[]> {
  const program = await createProgram({ stdout: new Sink(), stderr: new Sink() }, ["--help"], IDLE);
  return program.commands.flatMap((command) => {
    const name = command.name();
    const [argument] = command.registeredArguments;
    const plain =
      argument?.name() === "id" ? (argument.variadic ? [ALL] : ALL.map((id) => [id])) : argument ? [] : [[]];
    const words = [...(CALLS[name] ?? plain), [HOSTILE], [`--${HOSTILE}`], [`--json=${HOSTILE}`], ["--help", HOSTILE]];
    return words.map((each) => [name, ...each]);
  });
}

function check(words: readonly string[], { text, stderr, stdout }: Run, isJson: boolean): void {
  for (const output of [text, stderr]) expect(output, words.join(" ")).not.toMatch(FORGED);
  if (isJson && stdout.length > 0) JSON.parse(text);
}

async function runBoth(cli: Cli, words: readonly string[]): Promise<string> {
  const plain = await cli.run(...words);
  check(words, plain, false);
  const json = await cli.run("--json", ...words);
  // The help and the version are text for everybody.
  check(words, json, !words.includes("--help") && /^[{[]/.test(json.text));
  return plain.text + plain.stderr;
}

describe("nothing hostile reaches a terminal", () => {
  test("from any field, through any command", async () => {
    const cli = await newHostileHome();
    const shown = new Set<string>();
    for (const words of [[], ...(await callsOfAll()), ...LAST]) {
      const output = await runBoth(cli, words);
      if (output.includes("\\u{1b}[38;5;199m")) shown.add(words[0] ?? "");
    }
    // It was there to be shown.
    for (const name of ["list", "info", "doctor", "import", "verify", "salvage", "history", "forget", "sweep", "pin"]) {
      expect([...shown]).toContain(name);
    }
  });

  test("from arguments, paths and errors of the system", async () => {
    const cli = await newCli();
    const runs: readonly (readonly string[])[] = [
      [HOSTILE],
      [`-${HOSTILE}`],
      ["help", HOSTILE],
      ["--home", HOSTILE, "list"],
      ["--home", `/dev/null/${HOSTILE}`, "sweep"],
      ["--store", HOSTILE, "list"],
      ["--store", `sqlite:/dev/null/${HOSTILE}`, "sweep"],
      ["--archives", `fs:/dev/null/${HOSTILE}`, "sweep"],
      ["--store", `fs:${HOSTILE}`, "--archives", "fs:/dev/null", "sweep"],
      ["sweep", "--source", HOSTILE],
      ["sweep", "--source", ".", "--only", `agent=${HOSTILE}`],
      ["sweep", "--source", ".", "--only", HOSTILE],
      ["sweep", "--by", HOSTILE],
      ["cat", "a", "--since", HOSTILE],
      ["completion", HOSTILE],
      ["__complete", "bash", "--", HOSTILE, HOSTILE],
    ];
    for (const words of runs) {
      await runBoth(cli, words);
      const env = { SESSION_ARCHIVER_HOME: HOSTILE, SESSION_ARCHIVER_DEBUG: "1", CLAUDE_CONFIG_DIR: HOSTILE };
      check(words, await cli.runWith({ env }, ...words), false);
    }
  });

  test("from questions at a terminal, and from bars", async () => {
    const cli = await newHostileHome();
    for (const words of [
      ["forget", ...ALL],
      ["sweep", "--source", "claude-code,codex"],
      ["verify"],
      ["gc", "--unknown", "--grace", "0"],
      ["free", IDS.claude],
    ]) {
      const stderr = Object.assign(new Sink(), { isTTY: true, columns: 80 });
      const stdin = Object.assign(Readable.from(["no\n"]), { isTTY: true });
      await cli.runWith({ stderr, stdin, now: () => Date.now() + 3_600_000 }, ...words);
      expect(stderr.bytes.toString(), words[0]).not.toMatch(FORGED);
    }
  });

  test("an exported file's name is never made of it", async () => {
    const cli = await newHostileHome();
    const before = await readdir(cli.folder);
    const { stderr, exitCode } = await cli.run("export", IDS.live);
    expect({ exitCode, files: await readdir(cli.folder) }).toEqual({ exitCode: 1, files: before });
    expect(stderr).toContain("name one with -o");
  });
});
