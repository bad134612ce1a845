import { languageOf, languageOfFence } from "@session-archiver/transcripts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { markup } from "../../src/transcript/highlight/languages.ts";
import { toSpans } from "../../src/transcript/highlight/spans.ts";

const LANGUAGES = ["bash", "c", "cpp", "css", "go", "ini", "java", "javascript", "json", "markdown", "python", "ruby"];
const MORE = ["rust", "sql", "typescript", "xml", "yaml"];

test("colours change no character of the code, whatever it holds", () => {
  const part = fc.constantFrom(
    "<script>",
    "</span>",
    '<span class="x">',
    "&lt;",
    "&amp;",
    "'",
    '"',
    "`",
    "const a",
    "/*",
    "\n",
    "#{",
    "$",
  );
  const code = fc
    .array(fc.oneof(part, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 12 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(code, fc.constantFrom(...LANGUAGES, ...MORE), (text, language) => {
      const spans = toSpans(markup(text, language) ?? "");
      expect(spans.map((span) => span.text).join("")).toBe(text);
      for (const { className } of spans) expect(className).toMatch(/^[a-z_ -]*$/i);
    }),
    { numRuns: 2000 },
  );
});

test("a keyword is marked as a keyword", () => {
  expect(toSpans(markup("return 1", "javascript") ?? "")).toContainEqual({ className: "hljs-keyword", text: "return" });
});

test("inside nested spans the innermost class applies, and after it the outer one again", () => {
  expect(
    toSpans('<span class="a">x<span class="b">&lt;</span>y<span class="c"><span class="d">z</span></span>w</span>v'),
  ).toEqual([
    { className: "a", text: "x" },
    { className: "b", text: "<" },
    { className: "a", text: "y" },
    { className: "d", text: "z" },
    { className: "a", text: "w" },
    { className: "", text: "v" },
  ]);
});

test("an unknown language has no colours", () => expect(markup("x", "klingon")).toBeNull());

test.each([
  ["src/a.ts", "typescript"],
  ["C:\\x\\y.PY", "python"],
  ["/x/Dockerfile", "bash"],
  ["noext", null],
  ["x.constructor", null],
  ["dir.rs/file", null],
])("the language of %j is %s", (path, language) => expect(languageOf(path)).toBe(language));

test.each([
  ["ts", "typescript"],
  ["Python {1,2}", "python"],
  ["console", "bash"],
  ["js:title", "javascript"],
  ["", null],
  ["toString", null],
])("a fence %j is %s", (info, language) => expect(languageOfFence(info)).toBe(language));

test("every language in the table can be loaded", () => {
  const extensions = [
    "sh",
    "c",
    "cpp",
    "css",
    "go",
    "html",
    "java",
    "js",
    "json",
    "md",
    "py",
    "rb",
    "rs",
    "sql",
    "toml",
    "ts",
    "yml",
  ];
  for (const extension of extensions) expect(markup("x", languageOf(`a.${extension}`) ?? ""), extension).not.toBeNull();
});
