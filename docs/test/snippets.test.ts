/** Every TypeScript fence of the documentation is compiled by the workspace's compiler, and run: in Node, or in a page. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extractSnippets } from "../src/snippets.js";
import { runInChromium } from "./in-chromium.js";
import { documents, ROOT } from "./repository.js";

const run = promisify(execFile);
/** Within the package, so that its dependencies are found. */
const directory = mkdtempSync(join(import.meta.dirname, "../.snippets-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const snippets = [...documents()].flatMap(([path, markdown]) =>
  extractSnippets(markdown)
    .filter(({ check }) => check !== "none")
    .map((snippet) => {
      const folder = path.replaceAll(/[^a-z0-9]+/gi, "-");
      const file = snippet.file ?? `line-${snippet.line}.ts`;
      return { ...snippet, name: `${path}:${snippet.line}`, file: join(directory, folder, file) };
    }),
);

const TSCONFIG = {
  extends: "../../tsconfig.base.json",
  compilerOptions: {
    lib: ["ES2024", "ESNext.Disposable", "DOM", "DOM.AsyncIterable"],
    types: ["node"],
    composite: false,
    declaration: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noEmitOnError: false,
  },
  include: ["*/*.ts"],
};

/** The compiler's complaints, by file. One run for all: starting it costs more than the snippets do. */
let complaints = "";

beforeAll(async () => {
  if (!existsSync(`${ROOT}/packages/core/dist/index.d.ts`)) {
    throw new Error("The packages aren't built, and readers' code is checked against what is: npm run build");
  }
  for (const { file, code } of snippets) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${code}\nexport {};\n`);
  }
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", directory, "--pretty", "false"]).catch(({ stdout, stderr }) => {
    complaints = `${stdout}${stderr}`;
  });
});

test("no two snippets of a document have the same file", () => {
  const files = snippets.map(({ file }) => file);
  expect(files.filter((file, i) => files.indexOf(file) !== i)).toEqual([]);
});

test("no snippet needs syntax that Node 22 or WebKit can't parse", () => {
  const using = snippets.filter(({ code }) => /\busing\s+\w+\s*=/.test(code));
  expect(using.map(({ name }) => name)).toEqual([]);
});

test("the compiler has no complaint that belongs to no snippet", () => {
  const others = complaints.split("\n").filter((line) => line !== "" && !/^ |^\S*\.snippets-/.test(line));
  expect(others).toEqual([]);
});

describe.each(snippets)("$name", ({ file, check }) => {
  test("compiles", () => {
    const own = complaints.split(/\n(?! )/).filter((complaint) => complaint.includes(file.slice(directory.length + 1)));
    expect(own).toEqual([]);
  });

  test.runIf(check === "run")("runs", { timeout: 180_000 }, async () => {
    // What a reader's code writes at home, it writes here.
    const cwd = mkdtempSync(`${file}-`);
    const env = { ...process.env, HOME: cwd, USERPROFILE: cwd, SESSION_ARCHIVER_HOME: undefined };
    const script = file.replace(/\.ts$/, ".js");
    await run(process.execPath, [script], { cwd, env, timeout: 170_000 }).catch(({ message, stdout }) => {
      throw new Error(`${message}\n${String(stdout).slice(-5000)}`);
    });
  });

  test.runIf(check === "browser")("runs in a page", () => runInChromium(file.replace(/\.ts$/, ".js")));
});
