/**
 * The texts behind shortened names, one small file each in `.names`, called by the text's hash. A text is written before
 * any file gets its shortened name, and never changes or goes away: so every shortened name has its text.
 */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core/adapter";
import { lstatOf, readText } from "./files.js";
import { hashOf, shortenedHash, textOf } from "./names.js";
import type { Staging } from "./staging.js";
import type { Tree } from "./tree.js";

export interface LongNames {
  /** Keeps `text` if `name`, which stands for it, is a shortened one. */
  remember(name: string, text: string): Promise<void>;
  /** The text that `name` stands for, or `undefined` if it stands for none. */
  recall(name: string): Promise<string | undefined>;
}

const DIRECTORY = [".names"];

export function openLongNames(tree: Tree, staging: Staging): LongNames {
  return {
    async remember(name, text) {
      const hash = shortenedHash(name);
      if (hash === undefined) return;
      const path = join(await tree.ensure(DIRECTORY), hash);
      const body = bytesOf(new TextEncoder().encode(text));
      if (!lstatOf(path)) await staging.write(body, (file) => rename(file.path, path));
      await tree.sync(DIRECTORY); // also if another process wrote it: that one may not have synced yet
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
