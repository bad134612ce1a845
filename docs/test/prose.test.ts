/** `scripts/check-prose.ts` finds each habit, where it is, and nothing in plain English. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { flawsIn, lineAt } from "../../scripts/prose/flaws.ts";
import { ROOT } from "./repository.js";

const found = (path: string, text: string): readonly string[] =>
  flawsIn(path, text).map(({ at, what }) => `${lineAt(text, at)}: ${what}`);

/** Each habit, as it was written here, and plain English that looks like it. */
const EXAMPLES: Readonly<Record<string, { readonly bad: readonly string[]; readonly good: readonly string[] }>> = {
  "none of ours": {
    bad: ["Files that can be none of ours.", "The key can be none of this test's, or none of its."],
    good: ["None of them is final.", "It loses none of its bytes.", "None of the store's files is touched."],
  },
  "is none": {
    bad: [
      "Times outside of these years are none.",
      "A session that is none to be shown.",
      "An empty object is taken for none.",
    ],
    good: ["`undefined` if there is none.", "Absent if it has none.", "As soon as none is missing.", "It is `none`."],
  },
  "so many": {
    bad: ["At most so many bytes.", "Items, and so much of what they weigh."],
    good: ["There are many bytes.", "So much work, not so much time."],
  },
  "is told": {
    bad: ["The caller is told.", "Told of each object that is left out.", "One thing can't be told from another."],
    good: ["It tells the caller.", "The message told them what to do."],
  },
  "for ever": { bad: ["Kept for ever, and never used."], good: ["For every option, forever."] },
  whoever: { bad: ["Whoever archives next.", "At the pace of whoever reads."], good: ["The next archiver."] },
  "who as a subject": {
    bad: [
      "It ends. Who loses the swap looks again.",
      "- Who has the archiver has all.",
      "It trusts who owns the stores.",
    ],
    good: ["Who is trusted?", "## Who is trusted", "Those who wait, and people who read.", "It says who wrote them."],
  },
  "at rest": { bad: ["A session at rest in the archive."], good: ["Data at rest is encrypted.", "At restart."] },
  "what is … is": {
    bad: ["What is live is not restored.", "| What was refused is gone |", "It ends. What is over the cap is pruned."],
    good: [
      "What is it?",
      "What is left of a session that is removed.",
      "It says what is wrong.",
      "What is stored: bytes.",
    ],
  },
  "is nobody's": {
    bad: ["The marks are nobody's any more.", "It belongs to nobody."],
    good: ["Nobody's bytes are lost.", "It stays out of nobody's way."],
  },
};

describe.each(Object.entries(EXAMPLES))("%s", (name, { bad, good }) => {
  test.each(bad)("is found: %s", (text) => {
    const habit = `1: ${name}`;
    expect(found("a.md", text)).toContain(habit);
    expect(found("a.ts", `/** ${text} */`)).toContain(habit);
    expect(found("a.ts", `test("${text}", () => {});`)).toContain(habit);
    expect(found("a.md", `\n${text.replaceAll(" ", "\n")}`).map((at) => at.replace(/^\d+/, ""))).toContain(`: ${name}`);
  });

  test.each(good)("is not: %s", (text) => {
    expect(found("a.md", text)).toEqual([]);
    expect(found("a.ts", `/** ${text} */`)).toEqual([]);
  });
});

describe("of TypeScript", () => {
  test("comments are read over the ends of their lines, whatever marks them", () => {
    expect(found("a.ts", "const a = 1;\n// At most so\n  // many.\n")).toEqual(["2: so many"]);
    expect(found("a.ts", "/**\n * At most so\n * many.\n */\n")).toEqual(["2: so many"]);
  });

  test("strings, the parts of sums and templates, and texts of JSX are read", () => {
    expect(found("a.ts", 'tell("it lasts for " +\n  "ever");')).toEqual(["1: for ever"]);
    expect(found("a.ts", `tell("it lasts " +\n  "on, " + \`for \${n} and for ever\`);`)).toEqual(["2: for ever"]);
    expect(found("a.ts", 'tell("it lasts " +\n  "for ever");')).toEqual(["2: for ever"]);
    expect(found("a.ts", `\`a \${b({ c: \`for ever\` })} and\`;`)).toEqual(["1: for ever"]);
    expect(found("a.tsx", "<p>It isn't for ever, isn't it.</p>")).toEqual(["1: for ever"]);
  });

  test("one text ends where it ends", () => {
    expect(found("a.ts", 'a("so", "many"); // so\na(); // many\n')).toEqual([]);
    expect(found("a.ts", "/* so */ /* many */")).toEqual([]);
    expect(found("a.ts", "const a = /[/\"'`]/.test(b) / c; // for ever")).toEqual(["1: for ever"]);
    expect(found("a.ts", 'const a = "https://for"; ever();')).toEqual([]);
  });

  test("patterns are not", () => expect(found("a.ts", "const pattern = /for ever/;")).toEqual([]));
});

describe("of documents", () => {
  const cells = (columns: number): string => `| ${"x".repeat(columns - 4)} |`;

  test("tables and sample output have at most 100 columns; code and text may have more", () => {
    expect(found("a.md", `${cells(100)}\n${cells(101)}\n`)).toEqual(["2: 101 columns"]);
    const wide = "x".repeat(101);
    expect(found("a.md", `${wide}\n\`\`\`ts\n${wide}\n\`\`\`\n\`\`\`\n${wide}\n\`\`\`\n${wide}\n`)).toEqual([
      "6: 101 columns",
    ]);
  });

  test("home folders are those of invented people", () => {
    expect(found("a.md", `/home/dev, /Users/me, -Users-me-project, $HOME/archives, \${home}/home/x, /home/`)).toEqual(
      [],
    );
    for (const home of ["/home/john", "/Users/jane.d", "-Users-john-project", "-home-jane", "C:\\Users\\john"]) {
      const name = /.*(?:john|jane(?:\.d)?)/.exec(home)?.[0];
      expect(found("a.ts", `\n// ${home}`)).toEqual([`2: "${name}" may be a real person's`]);
    }
  });
});

test("each place is printed with what to write instead, then the count of each package, and the check fails", async () => {
  const folder = mkdtempSync(join(tmpdir(), "session-archiver-prose-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = promisify(execFile);
  const check = () =>
    run(process.execPath, [join(ROOT, "scripts/check-prose.ts")], { cwd: folder }).catch((failure) => failure);
  await run("git", ["init", "--quiet"], { cwd: folder });
  mkdirSync(join(folder, "packages/a/src"), { recursive: true });
  writeFileSync(join(folder, "README.md"), "Plain English.\n");
  expect(await check()).toMatchObject({ stdout: "", stderr: "" });
  writeFileSync(join(folder, "packages/a/src/index.ts"), "\n// Kept for ever.\n");
  const failure = await check();
  expect(failure).toMatchObject({ code: 1, stderr: "    1  packages/a\n" });
  expect(failure.stdout).toMatch(/^packages\/a\/src\/index\.ts:2: for ever\. Instead: .*`forever`.*\n$/);
});
