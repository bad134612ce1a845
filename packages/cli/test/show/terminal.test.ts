/** `show` on a real terminal, with a real pager. Needs a build. */
import { describe, expect, test } from "vitest";
import { answered, asked } from "../support/claude-session.js";
import { newFolder } from "../support/cli.js";
import { loadedBy } from "../support/loaded.js";
import { writeFiles } from "../support/sessions.js";
import { linesOf } from "../support/shower.js";
import { hasLess, hasTerminal, NO_TERMINAL, onTerminal } from "../support/terminal.js";

/** A session that is longer than a pager takes at once. */
async function newHome(turns: number): Promise<string> {
  const folder = await newFolder();
  const records = Array.from({ length: turns }, (_, i) => [asked(`question ${i + 1}.`), answered("words ".repeat(50))]);
  await writeFiles(folder, { "s.jsonl": linesOf(records.flat()) });
  expect(loadedBy(folder, "import", "s.jsonl").status).toBe(0);
  return folder;
}

const isThere = hasTerminal && hasLess;

describe.skipIf(!isThere)(`on a terminal (${isThere ? "python3, less" : NO_TERMINAL})`, () => {
  test("a long conversation is paged, and stops when people quit", async () => {
    const folder = await newHome(3000);
    const steps = [
      ["question 1.", " "],
      [":", "\u0003"],
      [":", "q"],
    ] as const;
    const { exitCode, screen } = await onTerminal(folder, {}, steps, "show", "c1");
    expect([exitCode, screen.includes("question 1."), screen.includes("question 2000.")]).toEqual([0, true, false]);
    expect(screen).toContain("\u001b[");
    expect(screen).not.toContain("Interrupted");
  });

  test("a short one is printed, in colours unless they are unwanted", async () => {
    const folder = await newHome(1);
    const { exitCode, screen } = await onTerminal(folder, {}, [], "show", "c1");
    expect([exitCode, screen.includes("question 1.")]).toEqual([0, true]);
    expect(screen).toContain("\u001b[1m");
    const plain = await onTerminal(folder, { NO_COLOR: "1" }, [], "--no-pager", "show", "c1");
    expect(plain.exitCode).toBe(0);
    expect(plain.screen).not.toContain("\u001b");
  });

  test("the pager's end decides nothing about the exit code of a failure", async () => {
    const folder = await newHome(1);
    const { exitCode, screen } = await onTerminal(folder, {}, [], "show", "c1", "--line", "99");
    expect(exitCode).toBe(1);
    expect(screen).toMatch(/There is no line 99: it has 2 lines\. \[INVALID_ARGUMENT\]\r\n$/);
  });
});
