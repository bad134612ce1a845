/** What may be taken at all, for how long it is held, and how a file that appears again is judged. */
import { about, type Case } from "../case.js";
import type { ForeignFiles } from "../foreign/foreign-files.js";
import { append, line, place, placeArchived, published, START, settle, textOf } from "../foreign/lines.js";
import { atEachStep } from "../foreign/steps.js";
import { attempt, check, equal } from "../support/assert.js";
import { text } from "../support/data.js";

const test = about("Files of other programs: rules");

const HEAD = START.slice(0, START.indexOf("\n") + 1);
const C = line("c");
const PATH = "project/s.jsonl";
/** Names that programs give their folders and files, and hostile ones. */
const PATHS: readonly string[] = [
  "2026/01/31/rollout-2026-01-31T10-00-00-ab.jsonl",
  "-home-dev-x/a b.jsonl",
  "-home-dev-x/ä 😀.jsonl",
  "original.20260131t100000000z.0123456789abcdef/x.jsonl",
  `deep/${"d".repeat(100)}/${"n".repeat(200)}.jsonl`,
];

/** Whether `take` does it or refuses, nothing may have happened. */
async function expectLeft(files: ForeignFiles, paths: readonly string[], content: string, what: string): Promise<void> {
  const taken = await attempt(() => files.take(paths));
  const outcome = "value" in taken ? taken.value : "back";
  check(outcome === "conflict" || outcome === "back", `${what} was taken: the outcome is ${outcome}.`);
  for (const path of paths) equal(await published(files, path), content, `${what}: "${path}"`);
  equal(await files.held(), [], `${what}: held parts`);
}

export const foreignRuleCases: readonly Case[] = [
  test(
    ["foreign-writer"],
    "a file that nobody touches is gone after a day, and comes back byte for byte",
    async ({ foreignFiles: files }) => {
      for (const path of PATHS) {
        await placeArchived(files, path);
        await files.take([path]);
        equal(await published(files, path), undefined, `"${path}" when it was taken`);
        await files.laterRun(25);
        equal(await files.held(), [], `what is held of "${path}" after a day`);
        await files.restore(path);
        equal(await published(files, path), START, `"${path}", restored`);
      }
    },
  ),

  test(
    ["foreign-writer"],
    "held files are found by name, each with the place where it lay",
    async ({ foreignFiles: files }) => {
      for (const path of PATHS) {
        await placeArchived(files, path);
        equal(await files.take([path]), "held", "take of a file whose writers can't be seen");
      }
      const held = (await files.held()).map(({ path, bytes }) => [path, textOf(bytes)].join(": "));
      equal(held.toSorted(), PATHS.map((path) => `${path}: ${START}`).toSorted(), "what is held");
    },
  ),

  test(
    ["foreign-writer"],
    "nothing is released within a day, nor when the clock goes back",
    async ({ foreignFiles: files }) => {
      await placeArchived(files, PATH);
      equal(await files.take([PATH]), "held", "take of a file whose writers can't be seen");
      for (const hours of [0, 1, 22, -48, 30]) {
        await files.laterRun(hours);
        equal((await files.held()).length, 1, "files that are held");
        equal(await published(files, PATH), undefined, "what is in the place");
      }
      await files.laterRun(60);
      equal(await files.held(), [], "what is held after more than a day");
    },
  ),

  test(["foreign-writer"], "bytes that are not archived are not taken", async ({ foreignFiles: files }) => {
    await placeArchived(files, PATH);
    await append(files.writer, PATH, C);
    await expectLeft(files, [PATH], START + C, "a file that has grown");
  }),

  test(
    ["foreign-writer"],
    "a rewritten file is not taken, although its size and mtime are the archived ones",
    async ({ foreignFiles: files }) => {
      await placeArchived(files, PATH);
      const changed = START.replace(`"b"`, `"x"`);
      const file = await files.writer.open(PATH, false);
      await file?.rewrite(text(changed), true);
      await file?.close();
      await expectLeft(files, [PATH], changed, "a rewritten file");
    },
  ),

  test(["foreign-writer"], "a file with two names is not taken", async ({ foreignFiles: files }) => {
    await place(files, PATH);
    await files.writer.link(PATH, "elsewhere/s.jsonl");
    await files.archive(PATH);
    await expectLeft(files, [PATH], START, "a file with two names");
    equal(await published(files, "elsewhere/s.jsonl"), START, "the other name");
  }),

  test(["foreign-writer"], "a link is not taken, nor what it leads to", async ({ foreignFiles: files }) => {
    await placeArchived(files, PATH);
    await files.writer.symlink(PATH, "project/link.jsonl");
    await attempt(() => files.archive("project/link.jsonl"));
    await expectLeft(files, ["project/link.jsonl"], START, "a link");
    equal(await published(files, PATH), START, "what the link leads to");
  }),

  test(["foreign-writer"], "the files of a unit are taken all, or none", async ({ foreignFiles: files }) => {
    const unitOf = (round: number): readonly [string, string] => [`u${round}/s.jsonl`, `u${round}/s/agent.jsonl`];
    let outcome = "";
    await atEachStep(
      async (round, step) => {
        outcome = "";
        for (const path of unitOf(round)) await placeArchived(files, path);
        outcome = await files.take(unitOf(round), step);
      },
      (round) => append(files.writer, unitOf(round)[1], C),
      async (round, when) => {
        const [first, second] = unitOf(round);
        if (outcome === "back" || outcome === "conflict") {
          equal(await published(files, first), START, `${when}, the first file of a unit that was not taken`);
          equal(await published(files, second), START + C, `${when}, the second file, which has changed`);
        }
        for (const path of unitOf(round)) await settle(files, path);
        const now = (await files.archived(second)).at(-1);
        equal(textOf(now ?? text("")), START + C, `${when}, what is archived of the second file`);
      },
    );
  }),

  ...(
    [
      ["begins with all that is archived: the rest is added", START + C, [START + C]],
      ["is the beginning of what is archived: nothing is added", HEAD, [START]],
      ["continues what is archived: it is added", C, [START + C]],
      ["is another: it is a new version", HEAD + C, [START, HEAD + C]],
    ] as const
  ).map(([name, content, versions]) =>
    test(["foreign-writer"], `a file that appears again and ${name}`, async ({ foreignFiles: files }) => {
      await placeArchived(files, PATH);
      await files.take([PATH]);
      await settle(files, PATH);
      await place(files, PATH, content);
      for (const _ of [1, 2]) {
        await files.archive(PATH);
        equal((await files.archived(PATH)).map(textOf), versions, "what is archived");
      }
    }),
  ),
];
