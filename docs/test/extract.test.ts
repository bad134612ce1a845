import { expect, test } from "vitest";
import { extractSnippets } from "../src/snippets.js";

test("fences of the language are found in order, with their line", () => {
  const markdown = "# A\n\n```ts\nconst a = 1;\n```\n\n```sh\nls\n```\n\n```ts\nconst b = 2;\n```\n";
  expect(extractSnippets(markdown)).toEqual([
    { code: "const a = 1;\n", check: "run", line: 3, file: undefined },
    { code: "const b = 2;\n", check: "run", line: 11, file: undefined },
  ]);
  expect(extractSnippets(markdown, "sh")).toMatchObject([{ code: "ls\n", line: 7 }]);
});

test("words after the language choose the check; a language with the same beginning is another one", () => {
  const markdown =
    "```ts no-run\n1;\n```\n```ts ignore\n2;\n```\n```tsx\n3;\n```\n```ts\n4;\n```\n```ts browser\n5;\n```\n";
  expect(extractSnippets(markdown).map(({ code, check }) => [code, check])).toEqual([
    ["1;\n", "compile"],
    ["2;\n", "none"],
    ["4;\n", "run"],
    ["5;\n", "browser"],
  ]);
});

test("a continued fence belongs to the snippet before", () => {
  const markdown = "```ts no-run\nconst a = 1;\n```\nand then\n```ts continued\na;\n```\n";
  expect(extractSnippets(markdown)).toEqual([
    { code: "const a = 1;\n\na;\n", check: "compile", line: 1, file: undefined },
  ]);
});

test("a first line names the file", () => {
  expect(extractSnippets("```ts\n// file: kv.ts\nexport {};\n```\n")[0]?.file).toBe("kv.ts");
});

test("fences in lists lose their indent; longer fences may hold shorter ones", () => {
  expect(extractSnippets("- x\n\n  ```ts\n  if (a) {\n    b();\n  }\n  ```\n")[0]?.code).toBe("if (a) {\n  b();\n}\n");
  expect(extractSnippets("````md\n```ts\n1;\n```\n````\n")).toEqual([]);
});

test("Windows line ends are line ends", () => {
  expect(extractSnippets("a\r\n\r\n```ts\r\n1;\r\n2;\r\n```\r\n")).toMatchObject([{ code: "1;\n2;\n", line: 3 }]);
});

test("a misspelt word fails", () => {
  expect(() => extractSnippets("```ts ingore\n1;\n```\n")).toThrow(/ingore/);
  expect(() => extractSnippets("```ts continued\n1;\n```\n")).toThrow(/no snippet before/);
});
