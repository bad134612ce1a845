/** Faults that can be planted in a home, and what doctor must say of each. */
import { chmod, copyFile, cp, open, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inlineManifest } from "@session-archiver/core/format";
import { archiveFile } from "./doctor.js";
import { flipByte } from "./flip-byte.js";
import { must, newHome, type Planted } from "./planted.js";
import { transcript, writeFiles } from "./sessions.js";

export interface Fault {
  readonly name: string;
  plant(planted: Planted): Promise<unknown>;
  /** `severity kind` of what doctor must say. */
  readonly finding: string;
  /** What the named command must be. */
  readonly command: RegExp;
  readonly stores?: readonly ("sqlite" | "fs")[];
}

export const BOTH = ["sqlite", "fs"] as const;
const database = ({ home }: Planted): string => join(home, "sessions.db");

async function overwrite(path: string, from: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "r+");
  await file.write(bytes, 0, bytes.length, Math.floor((await file.stat()).size * from));
  await file.close();
}

function forged(manifest: string): string {
  const { files, ...rest } = JSON.parse(manifest);
  return JSON.stringify({ ...rest, files: files.map((file: object) => ({ ...file, crc32: 7 })) });
}

/** The manifest inline in an archive file. */
async function inlineIn(path: string): Promise<string> {
  return Buffer.from(inlineManifest(await readFile(path)) ?? []).toString();
}

/** Replaces the manifest in an archive file by one that is not longer. */
async function replaceInline(path: string, text: string): Promise<void> {
  const bytes = await readFile(path);
  const own = (await inlineIn(path)).trimEnd();
  if (own.length < text.length) throw new Error("has no room for it");
  bytes.write(text.padEnd(own.length), bytes.indexOf(own));
  await writeFile(path, bytes);
}

export const FAULTS: readonly Fault[] = [
  {
    name: "catalogue lost",
    plant: (planted) => rm(database(planted)),
    finding: "damage catalogue-missing",
    command: /rebuild$/,
    stores: ["sqlite"],
  },
  {
    name: "catalogue of plain files lost",
    plant: ({ home }) => rm(join(home, "store"), { recursive: true }),
    finding: "damage catalogue-missing",
    command: /rebuild$/,
    stores: ["fs"],
  },
  {
    name: "catalogue empty",
    plant: (planted) => truncate(database(planted)),
    finding: "damage catalogue-empty-file",
    command: /rebuild$/,
    stores: ["sqlite"],
  },
  {
    name: "catalogue stale",
    async plant(planted) {
      const { cli, home } = planted;
      const old = join(cli.folder, "old");
      await cp(home, old, { recursive: true, verbatimSymlinks: true });
      await must(cli, "archive", "resumed", "live");
      await must(cli, "undo-prune", "pruned");
      const kept = join(cli.folder, "kept");
      await rename(join(home, "archives"), kept);
      await rm(home, { recursive: true });
      await rename(old, home);
      await rm(join(home, "archives"), { recursive: true });
      await rename(kept, join(home, "archives"));
    },
    finding: "warning catalogue-set-back",
    command: /rebuild$/,
  },
  {
    name: "catalogue of another home",
    async plant(planted) {
      const other = await newHome();
      await copyFile(database(other), database(planted));
    },
    finding: "damage catalogue-foreign",
    command: /doctor --repair$/,
    stores: ["sqlite"],
  },
  {
    name: "catalogue torn",
    plant: (planted) => overwrite(database(planted), 0.02, Buffer.alloc(60_000, 0xa5)),
    finding: "damage catalogue-damaged",
    command: /rebuild$/,
    stores: ["sqlite"],
  },
  {
    name: "catalogue cut",
    plant: async (planted) => truncate(database(planted), Math.floor((await stat(database(planted))).size / 2)),
    finding: "damage catalogue-cut",
    command: /rebuild$/,
    stores: ["sqlite"],
  },
  {
    name: "catalogue overwritten",
    plant: (planted) => writeFile(database(planted), "no database\n".repeat(1000)),
    finding: "damage catalogue-not-a-database",
    command: /rebuild$/,
    stores: ["sqlite"],
  },
  {
    name: "one session's record torn",
    plant: ({ home }) => truncate(join(home, "store", "b.session.json"), 40),
    finding: "damage object-damaged",
    command: /rebuild$/,
    stores: ["fs"],
  },
  {
    name: "the store's notes torn",
    plant: ({ home }) => truncate(join(home, "store", "store.json"), 20),
    finding: "damage store-unreadable",
    command: /rebuild$/,
    stores: ["fs"],
  },
  {
    name: "manifest lost",
    plant: async ({ home }) => rm(await archiveFile(home, "a", ".json")),
    finding: "warning manifest-damaged",
    command: /salvage a$/,
  },
  {
    name: "manifest torn",
    plant: async ({ home }) => truncate(await archiveFile(home, "a", ".json"), 100),
    finding: "warning manifest-damaged",
    command: /salvage a$/,
  },
  {
    name: "manifest of another session",
    plant: async ({ home }) =>
      writeFile(await archiveFile(home, "a", ".json"), await inlineIn(await archiveFile(home, "b"))),
    finding: "warning manifest-damaged",
    command: /salvage a$/,
  },
  {
    name: "manifest forged",
    async plant({ home }) {
      const path = await archiveFile(home, "a", ".json");
      await writeFile(path, forged(await readFile(path, "utf8")));
    },
    finding: "warning manifest-damaged",
    command: /salvage a$/,
  },
  {
    name: "inline manifest with a flipped bit",
    plant: async ({ home }) => flipByte(await archiveFile(home, "b"), 0.3),
    finding: "warning manifest-damaged",
    command: /salvage b$/,
  },
  {
    name: "inline manifest of another session",
    plant: async ({ home }) =>
      replaceInline(await archiveFile(home, "resumed"), (await inlineIn(await archiveFile(home, "b"))).trimEnd()),
    finding: "warning manifest-damaged",
    command: /salvage resumed$/,
    stores: ["sqlite"],
  },
  {
    name: "inline manifest forged",
    async plant({ home }) {
      const path = await archiveFile(home, "b");
      await replaceInline(path, forged(await inlineIn(path)));
    },
    finding: "warning manifest-damaged",
    command: /salvage b$/,
    stores: ["sqlite"],
  },
  {
    name: "archive cut",
    async plant({ home }) {
      const path = await archiveFile(home, "a");
      await truncate(path, Math.floor((await stat(path)).size * 0.8));
    },
    finding: "damage archive-damaged",
    command: /salvage a$/,
  },
  {
    name: "archive with a flipped bit",
    plant: async ({ home }) => flipByte(await archiveFile(home, "a"), 0.5),
    finding: "damage archive-damaged",
    command: /salvage a$/,
  },
  {
    name: "archives exchanged",
    async plant({ cli, home }) {
      const [a, b] = [await archiveFile(home, "a"), await archiveFile(home, "b")];
      await rename(a, join(cli.folder, "x"));
      await rename(b, a);
      await rename(join(cli.folder, "x"), b);
    },
    finding: "damage archive-damaged",
    command: /salvage [ab]$/,
  },
  {
    name: "archive under another name",
    plant: async ({ home }) => {
      const path = await archiveFile(home, "b");
      await rename(path, path.replace(/\.jsonl\.gz$/, ".backup.gz"));
    },
    finding: "damage archive-missing",
    command: /salvage b$/,
  },
  {
    name: "tombstone whose archive is gone",
    plant: async ({ home }) => rm(await archiveFile(home, "pruned")),
    finding: "warning tombstone-dangling",
    command: /salvage pruned$/,
  },
  {
    name: "sessions that the catalogue does not know",
    async plant({ home, cli }) {
      const other = await newHome();
      await writeFiles(other.cli.folder, { "q/c.jsonl": transcript(5, undefined, "c") });
      await cp(join(home, "sessions.db"), join(cli.folder, "before.db"));
      await writeFiles(cli.folder, { "q/c.jsonl": transcript(5, undefined, "c") });
      await must(cli, "import", "q");
      await must(cli, "archive", "c");
      await copyFile(join(cli.folder, "before.db"), join(home, "sessions.db"));
    },
    finding: "damage sessions-unknown",
    command: /rebuild$/,
    stores: ["sqlite"],
  },
  {
    name: "modes for everybody",
    plant: async ({ home }) => chmod(await archiveFile(home, "a"), 0o644),
    finding: "warning wrong-modes",
    command: /doctor --repair|chmod/,
  },
];
