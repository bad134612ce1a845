/** Facts as they are noted, which may have any shape. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { factsOf } from "../src/facts.js";
import { infoWith, VALUES } from "./infos.js";

const NOTHING = {
  agent: null,
  cwd: null,
  project: null,
  branch: null,
  title: null,
  models: [],
  messages: null,
  tokens: null,
  parentId: null,
  isSubagent: false,
};

describe("facts", () => {
  test("are read as the describer notes them", () => {
    expect(factsOf(infoWith({ ...VALUES, parent: "claude-code:p", isSubagent: true }))).toEqual({
      agent: "claude-code",
      cwd: "/home/me/app",
      project: "app",
      branch: "fix/lamp",
      title: "Fix the lamp",
      models: ["claude-opus-4-5", "claude-haiku-4-5"],
      messages: { user: 2, assistant: 3 },
      tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
      parentId: "claude-code:p",
      isSubagent: true,
    });
  });

  test("are all unknown where none are noted", () => {
    expect(factsOf(infoWith(null))).toEqual(NOTHING);
    expect(factsOf(infoWith({}))).toEqual(NOTHING);
  });

  test("of another shape count as unknown", () => {
    const values = {
      ...{ agent: 1, cwd: "", branch: ["b"], title: {}, models: "opus", messages: [1], usage: "much", parent: null },
      isSubagent: "yes",
    };
    expect(factsOf(infoWith(values))).toEqual(NOTHING);
    const counts = { models: ["a", 1, "", null], messages: { user: -1, assistant: 1.5 }, usage: { input: "2" } };
    expect(factsOf(infoWith(counts))).toEqual({
      ...NOTHING,
      models: ["a"],
      messages: { user: 0, assistant: 0 },
      tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    });
  });

  test.each([
    ["/home/me/app/", "app"],
    ["C:\\me\\app", "app"],
    ["/", "/"],
    ["app", "app"],
  ])("a project is the last part of its folder: %s", (cwd, project) => {
    expect(factsOf(infoWith({ cwd })).project).toBe(project);
  });

  test("can be read from whatever is noted", () => {
    const keys = fc.constantFrom("agent", "cwd", "models", "messages", "usage", "title", "parent", "isSubagent");
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (values) => {
        const { models, messages, title, project } = factsOf(infoWith(values));
        expect(models.every((model) => typeof model === "string")).toBe(true);
        for (const text of [title, project])
          expect(text === null || (typeof text === "string" && text !== "")).toBe(true);
        for (const count of [messages?.user ?? 0, messages?.assistant ?? 0]) expect(count).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
