/** Our process dies at each step, and others run at the same time. */
import { about, type Case } from "../case.js";
import { append, expectKept, expectWhole, line, placeArchived, published, START, textOf } from "../foreign/lines.js";
import { atEachStep, dyingAtEachStep } from "../foreign/steps.js";
import { attempt, check, equal } from "../support/assert.js";
import { text } from "../support/data.js";

const test = about("Files of other programs: crashes");

const C = line("c");
const pathOf = (round: number): string => `project/s${round}.jsonl`;

export const foreignCrashCases: readonly Case[] = [
  test(
    ["foreign-writer"],
    "a take that dies at any step leaves the file to be found by name",
    async ({ foreignFiles: files }) => {
      await dyingAtEachStep(
        async (round, step) => {
          await placeArchived(files, pathOf(round));
          await files.take([pathOf(round)], step);
        },
        async (round, when) => {
          const path = pathOf(round);
          const held = (await files.held()).filter((part) => part.path === path).map(({ bytes }) => textOf(bytes));
          const there = await published(files, path);
          check([...held, there].includes(START), `${when}, the file is neither in its place nor held: "${path}".`);
          await expectWhole(files, path, START, when);
        },
      );
    },
  ),

  test(["foreign-writer"], "a writer goes on after a take has died at any step", async ({ foreignFiles: files }) => {
    await dyingAtEachStep(
      async (round, step) => {
        await placeArchived(files, pathOf(round));
        await files.take([pathOf(round)], step);
      },
      async (round, when) => {
        await append(files.writer, pathOf(round), C);
        await expectKept(files, pathOf(round), C, when);
        await expectWhole(files, pathOf(round), START + C, when);
      },
    );
  }),

  test(["foreign-writer"], "a take that dies where writers are seen loses nothing", async ({ foreignFiles: files }) => {
    await files.showWriters(true);
    await dyingAtEachStep(
      async (round, step) => {
        await placeArchived(files, pathOf(round));
        const open = await files.writer.open(pathOf(round), false);
        await files.take([pathOf(round)], step).finally(async () => {
          await open?.append(text(C));
          await open?.close();
        });
      },
      async (round, when) => {
        await expectKept(files, pathOf(round), C, when);
        await expectWhole(files, pathOf(round), START + C, when);
      },
    );
  }),

  test(
    ["foreign-writer"],
    "a later run that dies at any step while it joins loses and doubles nothing",
    async ({ foreignFiles: files }) => {
      await dyingAtEachStep(
        async (round, step) => {
          await placeArchived(files, pathOf(round));
          await files.take([pathOf(round)]);
          await append(files.writer, pathOf(round), C);
          await files.laterRun(1, step);
        },
        async (round, when) => {
          await expectKept(files, pathOf(round), C, when);
          await expectWhole(files, pathOf(round), START + C, when);
        },
      );
    },
  ),

  test(
    ["foreign-writer"],
    "a later run that dies at any step while it releases loses nothing",
    async ({ foreignFiles: files }) => {
      await dyingAtEachStep(
        async (round, step) => {
          await placeArchived(files, pathOf(round));
          await files.take([pathOf(round)]);
          await files.laterRun(25, step);
        },
        async (round, when) => {
          await expectWhole(files, pathOf(round), START, when);
          await files.restore(pathOf(round));
          equal(await published(files, pathOf(round)), START, `${when}, restored`);
        },
      );
    },
  ),

  test(
    ["foreign-writer"],
    "a restore that dies at any step is done by the next, byte for byte",
    async ({ foreignFiles: files }) => {
      await dyingAtEachStep(
        async (round, step) => {
          const path = pathOf(round);
          await placeArchived(files, path);
          await files.take([path]);
          await files.laterRun(25);
          equal(await published(files, path), undefined, `what is at "${path}" after a day`);
          await files.restore(path, step);
        },
        async (round, when) => {
          await files.restore(pathOf(round));
          equal(await published(files, pathOf(round)), START, `${when}, restored`);
        },
      );
    },
  ),

  test(
    ["foreign-writer"],
    "two takes of a file at once: nothing is lost or doubled",
    async ({ foreignFiles: files }) => {
      await atEachStep(
        async (round, step) => {
          await placeArchived(files, pathOf(round));
          await attempt(() => files.take([pathOf(round)], step));
        },
        async (round) => void (await attempt(() => files.take([pathOf(round)]))),
        async (round, when) => {
          await expectKept(files, pathOf(round), START, when);
          await append(files.writer, pathOf(round), C);
          await expectWhole(files, pathOf(round), START + C, when);
        },
      );
    },
  ),
];
