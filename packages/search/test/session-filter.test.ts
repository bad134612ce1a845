/** Sessions are chosen by what is noted of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SessionFilter, sessionMatcher } from "../src/session-filter.js";
import { infoWith, VALUES } from "./infos.js";

const INFO = infoWith(VALUES);
const fits = (filter: SessionFilter, info = INFO): boolean => sessionMatcher(filter)(info);

describe("a filter", () => {
  test.each<[SessionFilter, boolean]>([
    [{}, true],
    [{ agents: ["claude-code"] }, true],
    [{ agents: ["codex", "claude-code"] }, true],
    [{ agents: ["codex"] }, false],
    [{ agents: [] }, false],
    [{ projects: ["app"] }, true],
    [{ projects: ["ap"] }, false],
    [{ projects: ["a*"] }, true],
    [{ projects: ["/home/me"] }, true],
    [{ projects: ["/home/me/"] }, true],
    [{ projects: ["/home/me/app"] }, true],
    [{ projects: ["/home/me/ap"] }, false],
    [{ projects: ["/home/me/app/src"] }, false],
    [{ projects: ["/home/**"] }, true],
    [{ projects: ["/srv", "app"] }, true],
    [{ branches: ["fix/lamp"] }, true],
    [{ branches: ["fix/*"] }, true],
    [{ branches: ["main", "fix"] }, false],
    [{ models: ["opus"] }, true],
    [{ models: ["OPUS"] }, true],
    [{ models: ["claude-h*"] }, true],
    [{ models: ["gpt"] }, false],
    [{ states: ["archived", "live"] }, true],
    [{ states: ["pruned"] }, false],
    [{ minBytes: 1000 }, true],
    [{ minBytes: 1001 }, false],
    [{ since: 200 }, true],
    [{ since: 201 }, false],
    [{ until: 100 }, true],
    [{ until: 99 }, false],
    [{ agents: ["claude-code"], states: ["pruned"] }, false],
  ])("%j: %s", (filter, expected) => {
    expect(fits(filter)).toBe(expected);
  });

  test("fits folders of Windows with either slash", () => {
    const info = infoWith({ ...VALUES, cwd: "C:\\me\\app" });
    expect(fits({ projects: ["C:/me"] }, info)).toBe(true);
    expect(fits({ projects: ["C:\\me"] }, info)).toBe(true);
    expect(fits({ projects: ["C:\\m"] }, info)).toBe(false);
  });

  test("that asks for what is not known of a session leaves it out", () => {
    const unknown = infoWith(null, { startedAt: null, lastActivityMs: null });
    for (const filter of [{ agents: ["codex"] }, { projects: ["**"] }, { branches: ["**"] }, { models: [""] }])
      expect(fits(filter, unknown)).toBe(false);
    expect(fits({ since: 0 }, unknown)).toBe(false);
    expect(fits({ until: 1e15 }, unknown)).toBe(false);
    expect(fits({ states: ["archived"], minBytes: 0 }, unknown)).toBe(true);
    expect(fits({ until: 200 }, infoWith(null, { startedAt: null }))).toBe(true);
  });

  test("fits what each of its parts fits", () => {
    const parts = fc.record(
      {
        agents: fc.subarray(["claude-code", "codex"]),
        projects: fc.subarray(["app", "/home/me", "/srv/**"]),
        branches: fc.subarray(["main", "fix/*"]),
        models: fc.subarray(["opus", "gpt-5"]),
        states: fc.subarray(["live" as const, "archived" as const]),
        since: fc.integer({ min: 198, max: 202 }),
        until: fc.integer({ min: 98, max: 102 }),
        minBytes: fc.integer({ min: 998, max: 1002 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(parts, (filter) => {
        const alone = Object.entries(filter).map(([key, value]) => fits({ [key]: value }));
        expect(fits(filter)).toBe(alone.every((one) => one));
      }),
    );
  });
});
