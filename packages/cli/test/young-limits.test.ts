/** Which commands limit V8's space for new objects: docs/adr/0062-memory-of-many-sessions.md. */
import { expect, test, vi } from "vitest";
import { keepYoungSmall, stopYoungGrowth } from "../src/keep-young-small.js";
import { newEmptyStore } from "./support/cli.js";

vi.mock("../src/keep-young-small.js", () => ({ keepYoungSmall: vi.fn(), stopYoungGrowth: vi.fn() }));

test("a rebuild and a prune let it grow to a size, a search not at all, and others as it will", async () => {
  const cli = await newEmptyStore();
  const limits = async (...words: string[]): Promise<unknown> => {
    vi.clearAllMocks();
    const { exitCode } = await cli.run(...words);
    return { exitCode, to: vi.mocked(stopYoungGrowth).mock.calls.flat(), kept: vi.mocked(keepYoungSmall).mock.calls };
  };
  expect(await limits("rebuild")).toEqual({ exitCode: 0, to: [8], kept: [] });
  expect(await limits("prune")).toEqual({ exitCode: 0, to: [16], kept: [] });
  expect(await limits("search", "word")).toEqual({ exitCode: 1, to: [], kept: [[]] });
  expect(await limits("verify")).toEqual({ exitCode: 0, to: [], kept: [] });
});
