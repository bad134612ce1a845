/** Compiles every TypeScript fence of the documentation with the workspace's compiler, and runs it in Node or in a page. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ENGINES, enginesHere } from "@session-archiver/test-kit/browsers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extractSnippets } from "../src/snippets.js";
import { runInPage } from "./browsers/in-page.js";
import { useBrowsers } from "./browsers/use-browsers.js";
import { documents, ROOT } from "./repository.js";

const run = promisify(execFile);
/** A folder within the package, so that its dependencies resolve. */
const directory = mkdtempSync(join(import.meta.dirname, "../.snippets-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const here = enginesHere();
const browsers = useBrowsers();

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
    // The code runs as a reader has written it, and not as a compiler rewrites it.
    target: "ESNext",
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

/** The compiler's errors, by file. One run for all, because starting the compiler takes longer than the snippets. */
let complaints = "";

beforeAll(async () => {
  if (!existsSync(`${ROOT}/packages/core/dist/index.d.ts`)) {
    throw new Error("The packages aren't built, and snippets are checked against the build: npm run build");
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

test("every error of the compiler belongs to a snippet", () => {
  const others = complaints.split("\n").filter((line) => line !== "" && !/^ |^\S*\.snippets-/.test(line));
  expect(others).toEqual([]);
});

describe.each(snippets)("$name", ({ file, check }) => {
  test("compiles", () => {
    const own = complaints.split(/\n(?! )/).filter((complaint) => complaint.includes(file.slice(directory.length + 1)));
    expect(own).toEqual([]);
  });

  test.runIf(check === "run")("runs", { timeout: 180_000 }, async () => {
    // Snippets write to the home folder; here it is this folder.
    const cwd = mkdtempSync(`${file}-`);
    const names = ["HOME", "STORE", "ARCHIVES"].map((name) => [`SESSION_ARCHIVER_${name}`, undefined]);
    const env = { ...process.env, HOME: cwd, USERPROFILE: cwd, ...Object.fromEntries(names) };
    const script = file.replace(/\.ts$/, ".js");
    await run(process.execPath, [script], { cwd, env, timeout: 170_000 }).catch(({ message, stdout }) => {
      throw new Error(`${message}\n${String(stdout).slice(-5000)}`);
    });
  });

  const engines = check === "browser" ? ENGINES : [];
  test.for(engines)("runs in a page of %s", async (engine, { skip }) => {
    if (!here.includes(engine)) skip();
    await runInPage(await browsers(engine), file.replace(/\.ts$/, ".js"));
  });
});
