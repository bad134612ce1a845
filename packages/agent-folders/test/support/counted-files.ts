/** Files that note which paths are opened, and that fail where a test says so. */
import { ArchiverError } from "@session-archiver/core";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Files } from "../../src/files.js";

export interface CountedFiles extends Files {
  readonly opened: string[];
}

/** `failing`: paths that can neither be looked at, nor listed, nor opened. */
export function countedFiles(failing: readonly string[] = []): CountedFiles {
  const files = nodeFiles();
  const opened: string[] = [];
  const check = (path: string): void => {
    if (failing.includes(path)) throw new ArchiverError("UNAVAILABLE", `Permission denied: "${path}"`);
  };
  return {
    ...files,
    opened,
    async list(path) {
      check(path);
      return await files.list(path);
    },
    async open(path) {
      opened.push(path);
      check(path);
      return await files.open(path);
    },
  };
}

export const knowsNothing = (): undefined => undefined;
