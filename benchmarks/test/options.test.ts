import { expect, test } from "vitest";
import { parseOptions, usage } from "../src/options.js";
import { PARTS } from "../src/parts/index.js";

const names = (args: readonly string[]): readonly string[] => parseOptions(args).parts.map(({ name }) => name);

test("without names the main parts run, else the named ones in their order", () => {
  expect(names([])).toEqual(PARTS.filter(({ optIn }) => !optIn).map(({ name }) => name));
  expect(names([])).not.toContain("many");
  expect(names(["many", "archive"])).toEqual(["many", "archive"]);
});

test("options have defaults, and are checked", () => {
  expect(parseOptions([])).toMatchObject({ size: 256e6, rounds: 5, strict: false });
  expect(parseOptions(["--size", "1GB", "--rounds", "7", "--strict"])).toMatchObject({
    size: 1e9,
    rounds: 7,
    strict: true,
  });
  expect(parseOptions(["--sessions", "10,200,3000"]).sessions).toEqual([10, 200, 3000]);
  for (const wrong of ["", "0", "100,10", "ten", "1.5"]) {
    expect(() => parseOptions(["--sessions", wrong])).toThrow(/ascend/);
  }
  expect(() => parseOptions(["achive"])).toThrow(/"achive".*archive/);
  expect(() => parseOptions(["--rounds", "0"])).toThrow(/Rounds/);
  expect(() => parseOptions(["--source", "nothing"])).toThrow(/source/);
  expect(() => parseOptions(["--sise", "1GB"])).toThrow(/--sise/);
});

test("help names every part once", () => {
  for (const { name } of PARTS)
    expect(
      usage()
        .split("\n")
        .filter((line) => line.startsWith(`  ${name} `)),
    ).toHaveLength(1);
});
