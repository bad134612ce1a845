/** Runs cases with the suite's own runner, and with one that the caller passes. */
import { memoryPorts } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { type Case, type CaseResult, conformance, type Runner, runAll, runCase, type Subject } from "../src/index.js";

const MEMORY = ["objects", "blobs", "archives", "ownMeta", "listNewest", "claim"] as const;
const memory = async (): Promise<Subject> => memoryPorts();

function fake(run: Case["run"], needs: Case["needs"] = ["objects"]): Case {
  return { concern: "Fakes", name: `a fake that needs ${needs}`, needs, run };
}

const passing = fake(async () => undefined);
const failing = fake(async () => {
  throw new Error("the case's own error");
});

async function results(cases: readonly Case[], setup = memory, timeoutMs = 60_000): Promise<CaseResult[]> {
  const found: CaseResult[] = [];
  for await (const result of runAll(setup, { cases, offers: MEMORY, timeoutMs })) found.push(result);
  return found;
}

describe("runAll", () => {
  test("gives a result for each case, and continues after a failure", async () => {
    expect(await results([passing, failing, passing])).toMatchObject([
      { concern: "Fakes", name: "a fake that needs objects", outcome: "passed" },
      { outcome: "failed", error: new Error("the case's own error") },
      { outcome: "passed" },
    ]);
  });

  test("skips what the adapter does not offer, and says what that is", async () => {
    const [result] = await results([fake(async () => undefined, ["objects", "reopen", "peer"])]);
    expect(result).toMatchObject({ outcome: "skipped", missing: ["reopen", "peer"] });
  });

  test("gives what a case has noted, also if it failed then", async () => {
    const noting = fake(async (_, note) => note?.("2 in vain"));
    const failingLate = fake(async (_, note) => {
      note?.("3 in vain");
      throw new Error("too many");
    });
    const [passed, failed, other] = await results([noting, failingLate, passing]);
    expect(passed).toMatchObject({ outcome: "passed", note: "2 in vain" });
    expect(failed).toMatchObject({ outcome: "failed", note: "3 in vain" });
    expect(other).not.toHaveProperty("note");
  });

  test("a case that never settles has failed", async () => {
    const [result] = await results([fake(() => new Promise(() => undefined))], memory, 20);
    expect(result).toMatchObject({
      outcome: "failed",
      error: new Error("Not done after 20 ms: a call never settles."),
    });
  });

  test("a setup that fails is a failure of the case", async () => {
    const broken = async (): Promise<Subject> => {
      throw new Error("no store");
    };
    expect(await results([passing], broken)).toMatchObject([{ outcome: "failed", error: new Error("no store") }]);
  });
});

describe("runCase", () => {
  test("fails if a port that is offered is missing, so that no case passes without it", async () => {
    const { objects, blobs } = memoryPorts();
    const setup = async (): Promise<Subject> => ({ objects, blobs });
    await expect(runCase(passing, setup, MEMORY)).rejects.toThrow("setup() returned no archives");
  });

  test("fails if setup returns more than is offered: no case is left out by accident", async () => {
    const setup = async (): Promise<Subject> => ({ ...memoryPorts(), reopen: async () => memoryPorts() });
    await expect(runCase(passing, setup, MEMORY)).rejects.toThrow("setup() returned reopen, which");
  });

  test("expects all three ports and reopen by default", async () => {
    await expect(runCase(passing, memory)).rejects.toThrow("setup() returned no reopen");
  });

  test("closes the subject, whether the case passes or fails", async () => {
    let closed = 0;
    const close = async (): Promise<void> => {
      closed++;
    };
    const setup = async (): Promise<Subject> => ({ ...memoryPorts(), close });
    await runCase(passing, setup, MEMORY);
    await expect(runCase(failing, setup, MEMORY)).rejects.toThrow();
    expect(closed).toBe(2);
  });

  test("a close that fails is a failure, but never hides the case's own", async () => {
    const close = async (): Promise<void> => {
      throw new Error("close failed");
    };
    const setup = async (): Promise<Subject> => ({ ...memoryPorts(), close });
    await expect(runCase(passing, setup, MEMORY)).rejects.toThrow("close failed");
    await expect(runCase(failing, setup, MEMORY)).rejects.toThrow("the case's own error");
  });
});

describe("conformance", () => {
  const cases = [passing, failing, fake(async () => undefined, ["peer"])];

  /** Notes every definition. */
  function noting(notes: string[], bodies: (() => Promise<void>)[] = []): Runner {
    const define = (kind: string) => (name: string, body: () => Promise<void>) => {
      notes.push(`${kind} ${name}`);
      bodies.push(body);
    };
    const enter = (name: string, body: () => void): void => {
      notes.push(`describe ${name}`);
      body();
    };
    return { describe: enter, test: Object.assign(define("test"), { skip: define("skip") }) };
  }

  test("defines a test for each case, by concern, and skips what is not offered", () => {
    const notes: string[] = [];
    conformance(noting(notes), "mine", memory, { offers: MEMORY, cases });
    expect(notes).toEqual([
      "describe mine",
      "describe Fakes",
      "test a fake that needs objects",
      "test a fake that needs objects",
      "skip a fake that needs peer",
    ]);
  });

  test("each test passes or rejects as its case does", async () => {
    const bodies: (() => Promise<void>)[] = [];
    conformance(noting([], bodies), "mine", memory, { offers: MEMORY, cases });
    await bodies[0]?.();
    await expect(bodies[1]?.()).rejects.toThrow("the case's own error");
  });

  test("leaves out what is not offered if the runner cannot skip", () => {
    const notes: string[] = [];
    const { describe: enter, test: define } = noting(notes);
    conformance({ describe: enter, test: (name, body) => define(name, body) }, "mine", memory, {
      offers: MEMORY,
      cases,
    });
    expect(notes).not.toContain("skip a fake that needs peer");
    expect(notes).toHaveLength(4);
  });
});
