/** What is offered to shells: all that the program knows, and sessions by names that mean them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createProgram } from "../src/program.js";
import { makeCodex, newAgents, UUIDS } from "./support/agents.js";
import { type Cli, newCli, Sink } from "./support/cli.js";
import { HOSTILE, newHostileHome } from "./support/hostile.js";
import { IDLE } from "./support/idle.js";
import { claudeLines } from "./support/imports.js";
import { must } from "./support/planted.js";
import { DAY_MS, transcript, writeFiles } from "./support/sessions.js";

interface Completed {
  readonly kind: string;
  readonly values: readonly string[];
  readonly abouts: readonly string[];
}

/** `words`: what is typed; the last one is being typed. */
async function complete(cli: Cli, ...words: string[]): Promise<Completed> {
  const { exitCode, text, stderr } = await cli.run("__complete", "zsh", "--", ...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const [kind = "", ...lines] = text.replace(/\n$/, "").split("\n");
  const cut = lines.map((line) => line.split("\t"));
  expect(cut.every(({ length }) => length === 2)).toBe(true);
  return { kind, values: cut.map(([value = ""]) => value), abouts: cut.map(([, about = ""]) => about) };
}

const valuesOf = async (cli: Cli, ...words: string[]): Promise<readonly string[]> =>
  (await complete(cli, ...words)).values;

describe("of the program itself", () => {
  test("every command and every option is offered, from the program's own definition", async () => {
    const cli = await newCli();
    const program = await createProgram({ stdout: new Sink(), stderr: new Sink() }, ["--help"], IDLE);
    const help = program.createHelp();
    const names = help.visibleCommands(program).map((command) => command.name());
    expect(await valuesOf(cli, "")).toEqual(names);
    expect(names).not.toContain("__complete");
    for (const command of help.visibleCommands(program)) {
      const { values, abouts } = await complete(cli, command.name(), "--");
      const own = help.visibleOptions(command).map(({ long, short }) => long ?? short);
      expect(values).toEqual(expect.arrayContaining([...own, "--home", "--json"]));
      expect(abouts).not.toContain("");
      expect(values).not.toContain("--version");
    }
  });

  test.each([
    [["sw"], ["sweep"]],
    [
      ["--json", "--home", "x", "undo"],
      ["undo", "undo-prune"],
    ],
    [
      ["help", "ca"],
      ["cat", "catch-up"],
    ],
    [["nope", ""], []],
    [["list", "extra", ""], []],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [
      ["prune", "--by", ""],
      ["activity", "archived"],
    ],
    [["prune", "--by=ac"], ["--by=activity"]],
    [["prune", "--grace", ""], []],
    [
      ["--store", ""],
      ["sqlite:", "fs:", "postgres://"],
    ],
    [
      ["--archives", ""],
      ["sqlite:", "fs:", "postgres://", "s3://"],
    ],
    [
      ["sweep", "--source", ""],
      ["claude-code", "codex"],
    ],
    [["sweep", "--source", "claude-code,"], ["claude-code,codex"]],
    [["sweep", "--source=codex,c"], ["--source=codex,claude-code"]],
    [["sweep", "--only", "s"], ["smaller="]],
    [["gc", "--dry-run", "--dry"], []],
    [["sweep", "--only", "x", "--on"], ["--only"]],
    [["cat", "--", "--"], []],
  ])("%j offers %j", async (words, values) => expect(await valuesOf(await newCli(), ...words)).toEqual(values));

  test.each([
    [["--home", ""], "folders"],
    [["import", "p"], "files"],
    [["import", "p", ""], "files"],
    [["export", "a", "-o", ""], "files"],
    [["export", "a", "--output=x"], "files"],
    [["sweep", "--source", "./x"], "folders"],
  ])("for %j the shell looks for %s", async (words, kind) =>
    expect(await complete(await newCli(), ...words)).toMatchObject({ kind, values: [] }),
  );

  test("bash's words are read without their quotes, and nothing in them is expanded", async () => {
    const cli = await newCli();
    for (const word of ["swe", "'swe", '"swe', "s\\we", "s'we'", "'swe'"]) {
      expect((await cli.run("__complete", "bash", "--", word)).text).toMatch(/^words\nsweep\t/);
    }
    for (const word of ["$(echo swe)", "`echo swe`", "$'swe'", "'\\''swe"]) {
      expect((await cli.run("__complete", "bash", "--", word)).text).toBe("words\n");
    }
  });
});

const [A = "", B = ""] = UUIDS;
const LIKE_B = `${B.slice(0, 12)}0${B.slice(13)}`;

async function withSessions(): Promise<Cli> {
  const cli = await newCli();
  const title = (id: string, text: string): string =>
    `${JSON.stringify({ type: "custom-title", customTitle: text, sessionId: id })}\n`;
  await writeFiles(cli.folder, {
    [`p/${A}.jsonl`]: claudeLines(A, 3) + title(A, "Mend the\u001b[31m parser"),
    [`p/${B}.jsonl`]: claudeLines(B, 3, "hello", { timestamp: "2026-03-01T10:00:00Z", cwd: "/home/me/work" }),
    [`p/${LIKE_B}.jsonl`]: claudeLines(LIKE_B, 2),
    "p/a $(touch no) `b`.jsonl": transcript(2, Date.UTC(2026, 1, 1)),
    "p/漢.jsonl": transcript(2, Date.UTC(2025, 1, 1)),
    "p/x\u001b[2J.jsonl": transcript(2),
  });
  await must(cli, "import", "p");
  return cli;
}

describe("of the store", () => {
  test("sessions come newest first, by the shortest name that means them, with time, agent and title", async () => {
    const cli = await withSessions();
    const { values, abouts } = await complete(cli, "cat", "");
    expect(values).toEqual([B.slice(0, 13), "a $(touch no) `b`", A.slice(0, 8), LIKE_B.slice(0, 13), "漢"]);
    expect(abouts[0]).toMatch(/^2026-03-01 \d\d:\d\d claude-code /);
    expect(abouts[2]).toContain("claude-code Mend the\\u{1b}[31m parser");
    for (const value of values) expect((await cli.run("info", "--", value)).exitCode).toBe(0);
  });

  test("the name that is being typed is the one that is offered", async () => {
    const cli = await withSessions();
    expect(await valuesOf(cli, "cat", "claude-code:1")).toEqual([`claude-code:${A}`]);
    expect(await valuesOf(cli, "pin", A.slice(0, 10))).toEqual([A]);
    expect(await valuesOf(cli, "pin", A.slice(0, 8), "1")).toEqual([]);
    expect(await valuesOf(cli, "pin", "no such")).toEqual([]);
    expect(await valuesOf(cli, "list", "")).toEqual([]);
  });

  test("the home is the one that is named on the line, and none is made", async () => {
    const cli = await withSessions();
    expect(await valuesOf(cli, "--home", "other", "cat", "")).toEqual([]);
    expect(await valuesOf(cli, "cat", "--home=other", "")).toEqual([]);
    expect(existsSync(join(cli.folder, "other"))).toBe(false);
    expect(await valuesOf(cli, "--home", "home", "cat", "1")).toHaveLength(1);
    expect(await cli.run("__complete", "zsh", "--", "--store", "nonsense", "cat", "")).toMatchObject({ text: "" });
  });

  test("no more than a hundred, the newest", async () => {
    const cli = await newCli();
    const at = (n: number): number => Date.UTC(2026, 0, 1) + n * DAY_MS;
    await writeFiles(
      cli.folder,
      Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`p/session ${n}.jsonl`, transcript(1, at(n))])),
    );
    await must(cli, "import", "p");
    const values = await valuesOf(cli, "cat", "");
    expect(values).toHaveLength(100);
    expect(values[0]).toBe("session 119");
    expect(await valuesOf(cli, "cat", "session 1")).toHaveLength(31);
  });

  test("runs that can be undone, and only these", async () => {
    const cli = await newAgents();
    await makeCodex(cli, A);
    const sweep = ["sweep", "--source", "codex", "--yes"];
    await cli.run(...sweep);
    await cli.runLater(25, ...sweep);
    const [run] = (await cli.run("history", "--json")).json<{ run: string }[]>();
    const { values, abouts } = await complete(cli, "undo", "");
    expect(values).toEqual([run?.run]);
    expect(abouts[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d idle for 7 days$/);
    await must(cli, "undo");
    expect(await valuesOf(cli, "undo", "")).toEqual([]);
  });

  test("ids that a terminal would not show are left out; titles are shown with escapes", async () => {
    const cli = await newHostileHome();
    const { values, abouts } = await complete(cli, "cat", "");
    expect(values).not.toContainEqual(expect.stringContaining("FORGED"));
    expect(abouts.join("\n")).toContain("\\u{1b}[38;5;199m");
    expect(abouts.every((about) => about.length < 100)).toBe(true);
    expect((await cli.run("__complete", "bash", "--", "cat", HOSTILE)).text).toBe("words\n");
  });
});
