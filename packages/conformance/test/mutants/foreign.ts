/** Defects of what takes files from other programs: of the disk calls, of the look at processes, of the archive, and of the whole. */

import { bytesOf, toBytes } from "@session-archiver/core";
import { claimRule, type Files, type OpenFile } from "../../../agent-folders/src/index.js";
import {
  createForeignArchive,
  extentOf,
  type ForeignArchive,
} from "../../../agent-folders/test/support/foreign-archive.js";
import { simulatedForeignDisk } from "../../../agent-folders/test/support/foreign-disks.js";
import {
  type ForeignDisk,
  type ForeignParts,
  foreignFilesOn,
} from "../../../agent-folders/test/support/foreign-files.js";
import { FOREIGN_FEATURES, type ForeignFiles, type TakeOutcome } from "../../src/index.js";
import { type Naive, naiveFiles } from "./foreign-naive.js";
import type { Mutant } from "./mutant.js";

const both = (name: string): string[] => [`${name}, unseen`, `${name}, seen`];
const W1 = "W1 opens, appends and closes at any step: its line is there, once and in order";
const W2 = "W2 goes on in a file that it has open: its lines are there, once and in order";
const W3 = "W3 replaces the file by a rename at any step: the new bytes are there, and nothing twice";
const W3_OTHER = "W3 replaces it by other bytes at any step: both the new and the old ones are there";
const W4 = "W4 rewrites it in place, as long and as old as before: the new bytes are there";
const W4_OPEN = "W4 rewrites a file that it has open, as long and as old as before";
const W5 = "W5 loses nothing that it writes while the file is held";
const JOINED = "a fragment is joined, whatever comes at any step of that";
const JOINED_OPEN = "W1 has its fragment open while it is joined: no line is lost";
const RESTORE = "a restore never replaces a file in the place";
const TAKE_DIES = "a take that dies at any step leaves the file to be found by name";
const GOES_ON = "a writer goes on after a take has died at any step";
const SEEN_DIES = "a take that dies where writers are seen loses nothing";
const JOIN_DIES = "a later run that dies at any step while it joins loses and doubles nothing";
const RELEASE_DIES = "a later run that dies at any step while it releases loses nothing";
const RESTORE_DIES = "a restore that dies at any step is done by the next, byte for byte";
const TWO = "two takes of a file at once: nothing is lost or doubled";
const PLAIN = "a file that nobody touches is gone after a day, and comes back byte for byte";
const FOUND = "held files are found by name, each with the place where it lay";
const DAY = "nothing is released within a day, nor when the clock goes back";
const UNARCHIVED = "bytes that are not archived are not taken";
const REWRITTEN = "a rewritten file is not taken, although its size and mtime are the archived ones";
const TWO_NAMES = "a file with two names is not taken";
const LINK = "a link is not taken, nor what it leads to";
const UNIT = "the files of a unit are taken all, or none";
const appears = (how: string): string => `a file that appears again and ${how}`;

interface Wrong {
  disk?(disk: ForeignDisk): Partial<ForeignDisk>;
  parts?(archive: ForeignArchive, disk: ForeignDisk): Partial<ForeignParts>;
  files?(right: ForeignFiles, disk: ForeignDisk): Partial<ForeignFiles>;
}

function inForeign(defect: string, caughtBy: readonly string[], wrong: Wrong): Mutant {
  return {
    defect: `files of other programs: ${defect}`,
    caughtBy,
    offers: FOREIGN_FEATURES,
    make() {
      const sound = simulatedForeignDisk();
      const disk = { ...sound, ...wrong.disk?.(sound) };
      const archive = createForeignArchive();
      const right = foreignFilesOn(disk, { archive, ...wrong.parts?.(archive, disk) });
      return { foreignFiles: { ...right, ...wrong.files?.(right, disk) } };
    },
  };
}

function naive(defect: string, caughtBy: readonly string[], how: Naive): Mutant {
  const make = (): ReturnType<Mutant["make"]> => ({ foreignFiles: naiveFiles(how) });
  return { defect: `files of other programs: ${defect}`, caughtBy, offers: FOREIGN_FEATURES, make };
}

/** Other calls of the disk. */
const calls = (change: (files: Files) => Partial<Files>): Wrong => ({
  disk: ({ files }) => ({ files: { ...files, ...change(files) } }),
});

/** Another archive. */
const archives = (change: (right: ForeignArchive) => Partial<ForeignArchive>): Wrong => ({
  parts: (right) => ({ archive: { ...right, ...change(right) } }),
});

export const foreignMutants: readonly Mutant[] = [
  naive(
    "a file is unlinked when its bytes were compared",
    [...both(W1), ...both(W2), ...both(W3), ...both(W3_OTHER), W5, FOUND, DAY],
    {
      takes: "unlinks",
      publishes: "by rename",
    },
  ),
  naive("a file is copied aside after it was unlinked", [TAKE_DIES, TWO, ...both(W2)], {
    takes: "unlinks, then copies",
    publishes: "by rename",
  }),
  naive("parts are joined end to end, and renamed to the place", [JOINED, JOINED_OPEN, DAY, RESTORE], {
    takes: "moves",
    publishes: "by rename",
  }),
  naive("a whole is written at the place itself", [JOIN_DIES, RESTORE_DIES], { takes: "moves", publishes: "in place" }),
  inForeign(
    "a second name replaces what is there",
    [RESTORE, JOINED],
    calls((files) => ({
      async link(from, to) {
        await files.unlink(to);
        return files.link(from, to);
      },
    })),
  ),
  inForeign(
    "bytes that were read once are not read again",
    [...both(W4)],
    calls((files) => {
      const read = new Map<string, Uint8Array>();
      const remembering = (file: OpenFile): OpenFile => ({
        ...file,
        async *read(range) {
          const { identity, size, mtimeNs } = await file.look();
          const key = JSON.stringify([identity, size, mtimeNs, range]);
          const bytes = read.get(key) ?? (await toBytes(file.read(range)));
          read.set(key, bytes);
          yield* bytesOf(bytes);
        },
      });
      return {
        async open(path) {
          const file = await files.open(path);
          return file && remembering(file);
        },
      };
    }),
  ),
  inForeign("open files are overlooked", [`${W2}, seen`, `${W4_OPEN}, seen`, SEEN_DIES], {
    disk: () => ({ isOpen: () => false }),
  }),
  inForeign(
    "where nothing shows who has a file open, nobody has",
    [`${W2}, unseen`, `${W4_OPEN}, unseen`, W5, FOUND, DAY],
    {
      files: (right) => ({ take: async (...args) => right.showWriters(true).then(() => right.take(...args)) }),
      disk: () => ({ isOpen: () => false }),
    },
  ),
  inForeign("an hour counts as a day", [DAY], {
    files: (right) => ({ laterRun: (hours, step) => right.laterRun(hours * 24, step) }),
  }),
  inForeign("held files are never found", [FOUND, TAKE_DIES], {
    parts: () => ({ rule: { ...claimRule, async *heldParts() {} } }),
  }),
  inForeign("a fragment is thrown away when its beginning is held", [GOES_ON, JOINED, JOIN_DIES, `${W1}, unseen`], {
    files: (right, { root, files }) => ({
      async laterRun(hours, step) {
        for (const { path } of await right.held()) await files.unlink(`${root}/${path}`);
        await right.laterRun(hours, step);
      },
    }),
  }),
  inForeign("held files have lost their folders", [FOUND], {
    files: (right) => ({
      held: async () => (await right.held()).map((part) => ({ ...part, path: part.path.split("/").at(-1) ?? "" })),
    }),
  }),
  inForeign("nothing is ever released", [PLAIN, RELEASE_DIES], { files: () => ({ laterRun: async () => {} }) }),
  inForeign("a later run puts half of the file back when it dies", [RELEASE_DIES], {
    files: (right, { writer }) => ({
      async laterRun(hours, step) {
        const [part] = await right.held();
        try {
          await right.laterRun(hours, step);
        } catch (error) {
          if (part && !(await writer.read(part.path))) {
            const file = await writer.open(part.path, true);
            await file?.append(part.bytes.subarray(0, 10));
            await file?.close();
          }
          throw error;
        }
      },
    }),
  }),
  inForeign("a restore replaces what is there", [RESTORE], {
    files: (right, { root, files, writer }) => ({
      async restore(path, step) {
        const bytes = (await right.archived(path)).at(-1) ?? new Uint8Array();
        await files.write(`${root}/restoring`, bytesOf(bytes), { mode: 0o600 });
        for (let steps = 0; steps < 3; steps++) await step?.();
        await writer.rename("restoring", path);
      },
    }),
  }),
  inForeign(
    "a file always has one name",
    [TWO_NAMES],
    calls((files) => ({
      async open(path) {
        const file = await files.open(path);
        return file && { ...file, look: async () => ({ ...(await file.look()), links: 1 }) };
      },
      async look(path) {
        const look = await files.look(path);
        return look && { ...look, links: 1 };
      },
    })),
  ),
  inForeign("a link is taken as the file that it leads to", [LINK], {
    files: (right, { root, files }) => ({
      async take(paths, step): Promise<TakeOutcome> {
        const [path = ""] = paths;
        if ((await files.look(`${root}/${path}`))?.kind !== "link") return right.take(paths, step);
        await files.rename(`${root}/${path}`, `${root}/moved`);
        return "held";
      },
    }),
  }),
  inForeign("what is there now counts as archived", [UNARCHIVED, REWRITTEN], {
    parts: (_, { root, files }) => ({
      rule: {
        ...claimRule,
        async claim(ctx, claimed, op) {
          const now = [];
          for (const each of claimed) {
            const look = (await files.look(`${root}/${each.path}`)) ?? each.look;
            const file = await files.open(`${root}/${each.path}`);
            const bytes = file ? await toBytes(file.read()) : new Uint8Array();
            await file?.close();
            now.push({ ...each, look, ...extentOf(bytes) });
          }
          return claimRule.claim(ctx, now, op);
        },
      },
    }),
  }),
  inForeign("each file of a unit is taken by itself", [UNIT], {
    files: (right) => ({
      async take(paths, step): Promise<TakeOutcome> {
        const outcomes: TakeOutcome[] = [];
        for (const path of paths) outcomes.push(await right.take([path], step));
        return outcomes.at(-1) ?? "conflict";
      },
    }),
  }),
  inForeign(
    "what has grown is a new version",
    [appears("begins with all that is archived: the rest is added")],
    archives((right) => ({
      async take(path, bytes) {
        const [present] = (await right.versions(path)).slice(-1);
        if (present && bytes.length > present.length) await right.take(path, bytes.subarray(0, 5));
        await right.take(
          path,
          Buffer.concat([bytes, present && bytes.length > present.length ? present : new Uint8Array()]),
        );
      },
    })),
  ),
  inForeign(
    "a shorter file replaces what is archived",
    [appears("is the beginning of what is archived: nothing is added")],
    archives((right) => {
      const shortest = new Map<string, Uint8Array>();
      return {
        async take(path, bytes) {
          shortest.set(path, bytes);
          await right.take(path, bytes);
        },
        versions: async (path) =>
          [...(await right.versions(path)).slice(0, -1), shortest.get(path)].filter((each) => each !== undefined),
      };
    }),
  ),
  inForeign(
    "a fragment is a new version",
    [appears("continues what is archived: it is added")],
    archives((right) => ({
      async take(path, bytes) {
        const [present] = (await right.versions(path)).slice(-1);
        const isFragment = present && !Buffer.from(bytes).subarray(0, 12).equals(Buffer.from(present).subarray(0, 12));
        await (isFragment ? right.keep(path, bytes, bytes) : right.take(path, bytes));
      },
    })),
  ),
  inForeign(
    "old versions are given up",
    [appears("is another: it is a new version"), ...both(W3_OTHER)],
    archives((right) => ({
      versions: async (path) => (await right.versions(path)).slice(-1),
    })),
  ),
];
