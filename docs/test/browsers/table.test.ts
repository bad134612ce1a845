/** The table of what engines have says what they have. */
import { ENGINES, type Engine, enginesHere } from "@session-archiver/test-kit/browsers";
import { describe, expect, test } from "vitest";
import { readDocument } from "../repository.js";
import { featuresHere } from "./features.js";
import { servePage } from "./serve.js";
import { columnsOf } from "./table.js";
import { useBrowsers } from "./use-browsers.js";

const NAMES: Readonly<Record<Engine, RegExp>> = { chromium: /^Chromium /, firefox: /^Firefox /, webkit: /^WebKitGTK / };
const columns = columnsOf(readDocument("docs/browsers.md"));
const here = enginesHere();
const browsers = useBrowsers();

test("it has a column for each engine", () => {
  expect(columns.map(({ name }) => ENGINES.find((engine) => NAMES[engine].test(name)))).toEqual(ENGINES);
});

describe.each(ENGINES)("%s", (engine) => {
  test.skipIf(!here.includes(engine))("has what the table says", async () => {
    const column = columns.find(({ name }) => NAMES[engine].test(name));
    await using page = await servePage("<!doctype html><title>a page</title>");
    const browser = await browsers(engine);
    const tab = await browser.newPage();
    await tab.goto(page.url);
    const has = (await tab.evaluate(`(${featuresHere})()`)) as Readonly<Record<string, boolean>>;
    const found = Object.entries(has).map(([row, isSo]) => [row, isSo ? "yes" : "no"]);
    const said = [...(column?.cells ?? [])];
    if (browser.version === column?.version) return expect(found).toEqual(said);
    // Which version is installed the machine decides, not this project. What another one has is printed, and is no failure.
    console.warn(`The table says what ${column?.name} has. Here is ${browser.version}, which has:`, has);
    expect(found.map(([row]) => row)).toEqual(said.map(([row]) => row));
  });
});
