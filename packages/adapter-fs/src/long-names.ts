/**
 * The texts behind shortened names, one small file each in `.names`, called by its hash. They are written before any
 * file is given a shortened name, never change and are never removed: so nobody can meet a name without its text.
 */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, type ErrorContext } from "@session-archiver/core/adapter";
import { lstatOf, readText } from "./files.js";
import { hashOf, shortenedHash, textOf } from "./names.js";
import type { Staging } from "./staging.js";
import type { Tree } from "./tree.js";

export interface LongNames {
  /** Keeps `text` if `name`, which stands for it, is a shortened one. */
  remember(name: string, text: string, context: ErrorContext): Promise<void>;
  /** The text that `name` stands for, if it is the name of one. */
  recall(name: string): Promise<string | undefined>;
}

const DIRECTORY = [".names"];

export function openLongNames(tree: Tree, staging: Staging): LongNames {
  return {
    async remember(name, text, context) {
      const hash = shortenedHash(name);
      if (hash === undefined) return;
      const path = join(await tree.ensure(DIRECTORY), hash);
      if (!lstatOf(path)) {
        const body = bytesOf(new TextEncoder().encode(text));
        await staging.write(body, { doing: "write down a long name", context }, (file) => rename(file.path, path));
      }
      await tree.sync(DIRECTORY); // also if it was another process that wrote it: it may be about to
    },
    async recall(name) {
      const hash = shortenedHash(name);
      if (hash === undefined) return textOf(name);
      const directory = await tree.find(DIRECTORY);
      const text = directory === undefined ? undefined : readText(join(directory, hash));
      return text !== undefined && hashOf(text) === hash ? text : undefined;
    },
  };
}
