/** The manual page: it names all that the program knows, readers of such pages find no fault in it, and the build has it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escaped, item, paragraph, section, verbatim } from "../build/man/roff.ts";
import { source } from "../build/man/source.ts";
import { EXIT } from "../src/exit.js";
import { examplesOf } from "../src/help/examples.js";
import { createProgram } from "../src/program.js";
import { newFolder, Sink } from "./support/cli.js";
import { IDLE } from "./support/idle.js";

const DAY = Date.UTC(2026, 0, 31);
const BUILT = new URL("../dist/session-archiver.1", import.meta.url);

function has(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** Bold type of old terminals: a character, back, and the same again. */
const OVERSTRUCK = new RegExp(`.${"\u0008"}`, "g");

/** A page as it is shown, without bold type. */
async function shown(page: string, ...reader: readonly string[]): Promise<string> {
  const path = join(await newFolder(), "page.1");
  await writeFile(path, page);
  const env = { ...process.env, MANWIDTH: "400", MAN_KEEP_FORMATTING: "", LC_ALL: "C.UTF-8" };
  const [program = "", ...words] = [...reader, path];
  const { status, stdout, stderr } = spawnSync(program, words, { env, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.replaceAll(OVERSTRUCK, "").replaceAll("\u2010", "-");
}

const READERS: readonly (readonly [name: string, words: readonly string[]])[] = [
  ["man", ["man", "--warnings", "-l"]],
  ["mandoc", ["mandoc", "-T", "utf8", "-O", "width=400"]],
];

describe.each(READERS)("shown by %s", (name, reader) => {
  const shows = test.skipIf(!has(name));

  shows("every command, argument, option, example and exit code is there", async () => {
    const text = await shown(await source(DAY), ...reader);
    const program = await createProgram({ stdout: new Sink(), stderr: new Sink() }, ["--help"], IDLE);
    const help = program.createHelp();
    for (const option of help.visibleOptions(program)) expect(text).toContain(help.optionTerm(option));
    for (const command of help.visibleCommands(program)) {
      expect(text).toContain(`\n   session-archiver ${command.name()}`);
      for (const option of help.visibleOptions(command)) expect(text).toContain(help.optionTerm(option));
      for (const { does, line } of examplesOf(command.name())) {
        expect(text).toContain(`# ${does}\n`);
        expect(text).toContain(`${line}\n`);
      }
      expect(text).toContain(command.helpGroup().replace(/:$/, "").toUpperCase());
    }
    for (const code of Object.values(EXIT)) expect(text).toMatch(new RegExp(`^ {7}${code}\\b`, "m"));
    expect(text).toContain('eval "$(session-archiver completion bash)"');
    expect(text).not.toContain("__complete");
  });

  shows("any text is shown as it is, and none is taken for a request", async () => {
    const words = fc.stringMatching(/^[-.'"`\\^~a-z%{}$(ü漢]{1,12}$/).filter((word) => !/`[^`]+`/.test(word));
    const samples = fc.sample(words, 40);
    const head = '.TH T 1 "2026-01-31"';
    const page = [
      head,
      section("Any"),
      ...samples.flatMap((word) => [paragraph(word), item(word, word), verbatim(word)]),
    ];
    const text = await shown(`${page.join("\n")}\n`, ...reader);
    for (const word of samples)
      expect(text.split(/\s+/).filter((part) => part === word).length).toBeGreaterThanOrEqual(4);
  });
});

test.skipIf(!has("mandoc"))("mandoc finds no fault in it", async () => {
  const path = join(await newFolder(), "page.1");
  await writeFile(path, await source(DAY));
  const { status, stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning", path], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

test("for a reader of manual pages nothing in a text is a request or an escape", () => {
  expect(escaped(".so /etc/passwd\n.\\fB-'`^~é")).toBe("\\&.so /etc/passwd\n\\&.\\efB\\-\\(aq\\(ga\\(ha\\(ti\\[u00E9]");
});

test("the build has the page of this version, of the day of the build or of $SOURCE_DATE_EPOCH", async () => {
  expect(existsSync(BUILT)).toBe(true);
  const page = await readFile(BUILT, "utf8");
  const [, day = ""] = /^\.TH "SESSION\\-ARCHIVER" 1 ([\d-]+) /.exec(page) ?? [];
  expect(page).toBe(await source(Date.parse(day)));
});

test("the package names the page for npm, and brings it", async () => {
  const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  expect(manifest).toMatchObject({
    man: ["./dist/session-archiver.1"],
    files: expect.arrayContaining(["dist/session-archiver.1", "completions"]),
  });
});
