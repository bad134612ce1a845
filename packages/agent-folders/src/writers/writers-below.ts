/** Looks for writers of files below several roots, each with its own file system. */
import { statSync } from "node:fs";
import type { WriterCheck } from "../claim/claim-types.js";
import { linuxWriters } from "./linux.js";

export interface RootsCheck extends WriterCheck {
  /** Absolute; from now on, files below this root can be looked for. */
  add(root: string): void;
}

export function writersBelow(): RootsCheck {
  /** By device: one root stands for all that lie on the same file system. */
  const checks = new Map<string, WriterCheck>();
  return {
    add(root) {
      const device = statSync(root, { bigint: true }).dev.toString();
      if (!checks.has(device)) checks.set(device, linuxWriters({ root }));
    },
    async writers(file, op) {
      const device = file.identity.slice(0, file.identity.indexOf(":"));
      return (await checks.get(device)?.writers(file, op)) ?? "unknown";
    },
  };
}
