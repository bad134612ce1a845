/** W1 to W5: programs that write while their file is taken away, at each step of that. */
import { about, type Case } from "../case.js";
import type { ForeignFiles, ForeignOpenFile } from "../foreign/foreign-files.js";
import { append, expectKept, expectWhole, line, placeArchived, published, START, settle } from "../foreign/lines.js";
import { atEachStep } from "../foreign/steps.js";
import { check, equal } from "../support/assert.js";
import { text } from "../support/data.js";

const test = about("Files of other programs: writers");

const HEAD = START.slice(0, START.indexOf("\n") + 1);
const C = line("c");
const D = line("d");
/** As long as {@link START}. */
const CHANGED = START.replace(`"b"`, `"x"`);

const pathOf = (round: number): string => `project/s${round}.jsonl`;

/** Takes a file away, anew for each step at which the writer acts; `before` is done when it has been archived. */
async function whileTaken(
  files: ForeignFiles,
  before: (path: string) => Promise<void>,
  act: (path: string) => Promise<void>,
  then: (path: string, when: string) => Promise<void>,
): Promise<void> {
  await atEachStep(
    async (round, step) => {
      await placeArchived(files, pathOf(round));
      await before(pathOf(round));
      await files.take([pathOf(round)], step);
    },
    (round) => act(pathOf(round)),
    (round, when) => then(pathOf(round), when),
  );
}

const nothing = async (): Promise<void> => {};

/** Replaces the file with these bytes by a rename. */
async function replace({ writer }: ForeignFiles, path: string, content: string): Promise<void> {
  await append(writer, `${path}.new`, content);
  await writer.rename(`${path}.new`, path);
}

/** Both on machines that show who has a file open, and on others. */
function onBoth(name: string, run: (files: ForeignFiles) => Promise<void>): readonly Case[] {
  return [false, true].map((shows) =>
    test(["foreign-writer"], `${name}, ${shows ? "seen" : "unseen"}`, async ({ foreignFiles }) => {
      await foreignFiles.showWriters(shows);
      await run(foreignFiles);
    }),
  );
}

export const foreignWriterCases: readonly Case[] = [
  ...onBoth("W1 opens, appends and closes at any step: its line is there, once and in order", (files) =>
    whileTaken(
      files,
      nothing,
      (path) => append(files.writer, path, C),
      async (path, when) => {
        await expectKept(files, path, C, when);
        await expectWhole(files, path, START + C, when);
      },
    ),
  ),

  ...onBoth("W2 goes on in a file that it has open: its lines are there, once and in order", async (files) => {
    let open: ForeignOpenFile | undefined;
    await whileTaken(
      files,
      async (path) => {
        open = await files.writer.open(path, false);
      },
      async () => open?.append(text(C)),
      async (path, when) => {
        await open?.append(text(D));
        await expectKept(files, path, C + D, when);
        await open?.close();
        await expectWhole(files, path, START + C + D, when);
      },
    );
  }),

  ...onBoth("W3 replaces the file by a rename at any step: the new bytes are there, and nothing twice", (files) =>
    whileTaken(
      files,
      nothing,
      (path) => replace(files, path, START + C),
      async (path, when) => {
        await expectKept(files, path, C, when);
        await expectWhole(files, path, START + C, when);
      },
    ),
  ),

  ...onBoth("W3 replaces it by other bytes at any step: both the new and the old ones are there", (files) =>
    whileTaken(
      files,
      nothing,
      (path) => replace(files, path, HEAD + C),
      async (path, when) => {
        await expectWhole(files, path, HEAD + C, when);
        await expectKept(files, path, START, when);
      },
    ),
  ),

  ...onBoth("W4 rewrites it in place, as long and as old as before: the new bytes are there", async (files) => {
    let wasThere = false;
    await whileTaken(
      files,
      nothing,
      async (path) => {
        const file = await files.writer.open(path, false);
        wasThere = file !== undefined;
        await file?.rewrite(text(CHANGED), true);
        await file?.close();
      },
      (path, when) => expectWhole(files, path, wasThere ? CHANGED : START, when),
    );
  }),

  ...onBoth("W4 rewrites a file that it has open, as long and as old as before", async (files) => {
    let open: ForeignOpenFile | undefined;
    await whileTaken(
      files,
      async (path) => {
        open = await files.writer.open(path, false);
      },
      async () => open?.rewrite(text(CHANGED), true),
      async (path, when) => {
        await expectKept(files, path, CHANGED, when);
        await open?.close();
        await expectWhole(files, path, CHANGED, when);
      },
    );
  }),

  test(
    ["foreign-writer"],
    "W5 loses nothing that it writes while the file is held",
    async ({ foreignFiles: files }) => {
      const path = pathOf(0);
      await placeArchived(files, path);
      const open = await files.writer.open(path, false);
      equal(await files.take([path]), "held", "take of a file whose writers can't be seen");
      await open?.append(text(C));
      await files.laterRun(1);
      await expectKept(files, path, C, "after an hour");
      await open?.append(text(D));
      await expectKept(files, path, C + D, "later");
      await open?.close();
      await files.laterRun(25);
      await expectWhole(files, path, START + C + D, "after a day");
    },
  ),

  test(
    ["foreign-writer"],
    "a fragment is joined, whatever comes at any step of that",
    async ({ foreignFiles: files }) => {
      await atEachStep(
        async (round, step) => {
          await placeArchived(files, pathOf(round));
          equal(await files.take([pathOf(round)]), "held", "take of a file whose writers can't be seen");
          await append(files.writer, pathOf(round), C);
          await files.laterRun(1, step);
        },
        (round) => append(files.writer, pathOf(round), D),
        async (round, when) => {
          await expectKept(files, pathOf(round), C + D, when);
          await expectWhole(files, pathOf(round), START + C + D, when);
        },
      );
    },
  ),

  test(
    ["foreign-writer"],
    "W1 has its fragment open while it is joined: no line is lost",
    async ({ foreignFiles: files }) => {
      let open: ForeignOpenFile | undefined;
      await atEachStep(
        async (round, step) => {
          await placeArchived(files, pathOf(round));
          await files.take([pathOf(round)]);
          open = await files.writer.open(pathOf(round), true);
          await open?.append(text(C));
          await files.laterRun(1, step);
        },
        async () => open?.append(text(D)),
        async (round, when) => {
          await open?.close();
          await expectKept(files, pathOf(round), C + D, when);
          await expectWhole(files, pathOf(round), START + C + D, when);
        },
      );
    },
  ),

  test(["foreign-writer"], "a restore never replaces a file in the place", async ({ foreignFiles: files }) => {
    await atEachStep(
      async (round, step) => {
        const path = pathOf(round);
        await placeArchived(files, path);
        await files.take([path]);
        await settle(files, path);
        check((await published(files, path)) === undefined, `"${path}" is still in its place after two days.`);
        await files.restore(path, step);
      },
      (round) => append(files.writer, pathOf(round), C),
      async (round, when) => {
        await expectKept(files, pathOf(round), C, when);
        await expectWhole(files, pathOf(round), START + C, when);
      },
    );
  }),
];
