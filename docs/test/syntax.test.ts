/** Readers' code is parsed by the oldest Node and by every browser that it is for: it keeps to ES2022. */
import { stripTypeScriptTypes } from "node:module";
import { ENGINES, enginesHere } from "@session-archiver/test-kit/browsers";
import { parse } from "acorn";
import { describe, expect, test } from "vitest";
import { extractSnippets } from "../src/snippets.js";
import { parseIn } from "./browsers/parse-in.js";
import { useBrowsers } from "./browsers/use-browsers.js";
import { documents } from "./repository.js";

const snippets = [...documents()].flatMap(([path, markdown]) =>
  extractSnippets(markdown)
    .filter(({ check }) => check !== "none")
    .map(({ code, check, line }) => ({ name: `${path}:${line}`, check, code: stripTypeScriptTypes(code) })),
);
const here = enginesHere();
const browsers = useBrowsers();
const forBrowsers = snippets.filter(({ check }) => check === "browser");

const parseAs2022 = (code: string): unknown => parse(code, { ecmaVersion: 2022, sourceType: "module" });

test.each(snippets)("$name is ES2022", ({ code }) => {
  parseAs2022(code);
});

test.each([
  ["await using", "await using store = open();"],
  ["using", "using store = open();"],
  ["the v flag", "/[a&&b]/v.test(text);"],
  ["an import with a phase", 'import defer * as store from "store";'],
])("%s is not", (_, code) => {
  expect(() => parseAs2022(code)).toThrow(SyntaxError);
});

test("some are for browsers", () => {
  expect(forBrowsers.length).toBeGreaterThan(0);
});

describe.each(ENGINES)("%s", (engine) => {
  test.skipIf(!here.includes(engine))("parses those for browsers", async () => {
    const broken = "const of = const;";
    const outcomes = await parseIn(await browsers(engine), [broken, ...forBrowsers.map(({ code }) => code)]);
    expect(outcomes).toEqual(["SyntaxError", ...forBrowsers.map(() => "TypeError")]);
  });
});
