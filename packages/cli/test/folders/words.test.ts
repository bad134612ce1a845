/** What people read of sweeps, folders and what is held: the sums, the numbers, and nothing that puzzles them. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  claudeCodeSource,
  DEFAULT_FOLDER_POLICY,
  type FolderPlan,
  type FolderStep,
  type LeftOut,
  type StepDone,
} from "@session-archiver/agent-folders";
import { describe, expect, test } from "vitest";
import type { DoctorDocument } from "../../src/commands/doctor.js";
import { leftOutLine } from "../../src/folders/place-text.js";
import { planText } from "../../src/folders/plan-text.js";
import { reportText, type Told } from "../../src/folders/report-text.js";
import { type AgentsCli, makeClaude, makeCodex, newAgents, put, UUIDS } from "../support/agents.js";

const place = { source: claudeCodeSource(), home: "/home/me/.claude", roots: [] };

function step(action: FolderStep["action"], reason?: FolderStep["reason"]): FolderStep {
  const unit = { id: "a:1", nativeId: "1", project: "p", members: [], folders: [], lastModifiedMs: 0, needs: [] };
  const sizes = { bytes: 1000, diskBytes: 4096, lastActivityMs: 0 };
  return { place, unit, sessionId: "a:1", project: "p", action, why: "", reason, ...sizes, keeps: false };
}

function done(action: FolderStep["action"], outcome: StepDone["outcome"], archiveBytesAdded: number): StepDone {
  const bytes = { archiveBytesAdded, freedDiskBytes: 0, heldDiskBytes: 0 };
  return { step: step(action), outcome, why: "", ...bytes, adopted: [] };
}

function told(steps: readonly StepDone[], given: Partial<Told> = {}): Told {
  const archiveBytesAdded = steps.reduce((sum, one) => sum + one.archiveBytesAdded, 0);
  const run = { id: "0123456789abcdef", at: 0, why: "" };
  const report = {
    run,
    done: steps,
    finished: [],
    failures: [],
    archiveBytesAdded,
    freedDiskBytes: 0,
    heldDiskBytes: 0,
  };
  return { report, freedBytes: 0, heldDiskBytes: 0, heldUntil: undefined, ...given };
}

function plan(steps: readonly FolderStep[], given: Partial<FolderPlan> = {}): FolderPlan {
  const figures = { freesDiskBytes: 0, archiveBytesEstimate: 2500 };
  const empty = { held: [], unsettled: [], places: [], failures: [] };
  return { policy: DEFAULT_FOLDER_POLICY, at: 0, steps, ...empty, ...figures, ...given };
}

describe("a report", () => {
  test("counts what was archived by outcome, and never shows a negative size", () => {
    const steps = [done("archive-and-free", "held", -3000), done("archive", "archived", 1000)];
    const others = [done("free", "freed", 0), done("archive", "left", 0), done("archive", "failed", 0)];
    const text = reportText(told([...steps, ...others]));
    expect(text).toContain("Archived    2 sessions: archives take 2 kB less than before\n");
    expect(reportText(told([done("free", "freed", 0)]))).not.toContain("Archived");
    expect(reportText(told([done("free", "freed", 7)]))).toContain("Archived    1 session: 7 B of archives added");
  });

  test('says "yet" only where something is held aside', () => {
    const more = "archives and catalogue take 5 kB more than before";
    expect(reportText(told([], { freedBytes: -5000 }))).toBe(`Freed       nothing: ${more}`);
    expect(reportText(told([], { freedBytes: -5000, heldDiskBytes: 1 }))).toContain(`nothing yet: ${more}`);
    expect(reportText(told([], { freedBytes: 5000 }))).toContain("5 kB of disk, archives counted");
  });
});

describe("a plan", () => {
  test("counts the sessions that stay, and each reason where there are several", async () => {
    const two = [step("leave", "restored"), step("leave", "restored")];
    expect(await planText(plan(two))).toContain("Files stay of  2 sessions: put back lately\n");
    const three = [...two, step("leave", "recent")];
    expect(await planText(plan(three))).toContain("of  3 sessions: 2 put back lately, 1 active lately\n");
  });

  test("with nothing to free, it says what it adds", async () => {
    const text = await planText(plan([step("archive", "not-here")]));
    expect(text).toMatch(/Adds {11}about 2.5 kB of archives for 1 session; frees nothing$/);
    expect(await planText(plan([step("archive-and-free")], { freesDiskBytes: 4096 }))).toContain("Frees  ");
  });

  test("says beforehand that the disk may be given back a day later, if it frees anything", async () => {
    const later = /\n +Files may first be held aside: then a sweep 24 hours later gives their disk back$/;
    expect(await planText(plan([step("archive-and-free")], { freesDiskBytes: 4096 }))).toMatch(later);
    expect(await planText(plan([step("free")], { freesDiskBytes: 4096 }))).toMatch(later);
    expect(await planText(plan([step("archive", "keeps")]))).not.toMatch(later);
  });

  test("names what is never touched as people would", () => {
    const of = (reason: LeftOut["reason"], number: number): readonly LeftOut[] =>
      Array.from({ length: number }, () => ({ root: "", path: "x", reason }));
    const leftOut = [...of("link", 1), ...of("empty", 11), ...of("not a session", 3), ...of("several names", 2)];
    const [line] = leftOutLine({ place, leftOut, notFreed: undefined, cleanUp: { sessions: 0, bytes: 0 } });
    const words = "11 empty files, 3 files that are no session, 2 with several names, 1 link";
    expect(line).toBe(`Never touched  in /home/me/.claude: ${words}; --json names them`);
  });
});

/** One file of each of these sessions is held aside. */
async function held(number: number): Promise<AgentsCli> {
  const cli = await newAgents();
  for (let n = 0; n < number; n++) await makeCodex(cli, `${n}a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f`);
  await cli.run("sweep", "--source", "codex", "--keep-originals");
  for (const name of await readdir(join(cli.codex, "sessions", "2026", "10", "01"))) {
    const aside = join(cli.codex, "sessions", ".session-archiver-held", "2026", "10", "01", `${name}.held`);
    await put(join(aside, "original.20261128t230337123z.0123456789abcdef"), "{}\n", 0o600, 0);
  }
  return cli;
}

describe("what is held aside", () => {
  test.each([
    [1, /: 1 file of Codex \(.*\) is held aside in .* finds it unchanged: of "codex:0a[^"]*"\.$/m],
    [
      5,
      /: 5 files of Codex \(.*\) are held aside in .* finds them unchanged: of "[^"]*", "[^"]*", "[^"]*" and 2 more\.$/m,
    ],
  ])("doctor names at most three sessions of %i", async (number, words) => {
    const cli = await held(number);
    const { text } = await cli.run("doctor");
    expect(text).toMatch(words);
    expect(text).not.toContain("sessions: codex:");
    const { findings } = (await cli.run("doctor", "--json")).json<DoctorDocument>();
    expect(findings.find(({ kind }) => kind === "held-aside")?.sessions).toHaveLength(number);
  });

  test("alone, the program says of how many files, and until when", async () => {
    const { text } = await (await held(2)).run();
    expect(text).toMatch(/ [\d.]+ k?B of 2 files /);
    expect(text).toMatch(/^Held aside until \d{4}-\d\d-\d\d \d\d:\d\d: a sweep after that frees it$/m);
  });
});

test("alone, the program explains a folder from which all sessions were freed", async () => {
  const cli = await newAgents();
  await makeClaude(cli, UUIDS[0] ?? "");
  expect((await cli.run()).text).not.toMatch(/^(All sessions|Held aside)/m);
  await cli.run("sweep", "--source", "claude-code", "--yes");
  const isHeld = existsSync(join(cli.claude, "projects", ".session-archiver-held"));
  const where = isHeld ? "held aside" : "freed";
  const { text } = await cli.run();
  expect(text).toContain(`All sessions of ${cli.claude} are archived, and their files are ${where}: `);
  expect(text).not.toContain("0 B of 0");
});

test("list and history say how a home is made, and the help names exit code 4", async () => {
  const cli = await newAgents();
  for (const command of ["list", "history"]) {
    const { stderr } = await cli.run(command);
    expect(stderr).toContain("import sessions, or sweep an agent's folder, to make it.");
  }
  expect((await cli.run("--help")).text).toMatch(/4 not done\s+without a yes/);
});
