/** Task: puts files into the live store, each as a session that has been idle for long. */
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { OUTPUT } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import type { DataFile } from "../data/data-set.js";
import { openStores, type Where } from "./stores.js";

export interface ImportParams {
  readonly where: Where;
  readonly files: readonly DataFile[];
}

const AT_ONCE = 64;

export async function run({ where, files }: ImportParams): Promise<object> {
  // Nothing to be measured, so nothing to wait for the disk for.
  await using stores = await openStores({ ...where, synchronous: "normal" });
  const { objects, blobs } = stores.ports;
  const rest = files.values();
  const some = async (): Promise<void> => {
    for (const { path, endMs } of rest) {
      const id = sessionId(path);
      await objects.put(id, { [KEY.view]: "agent", [KEY.lastActivity]: endMs, [KEY.lineCount]: 1 }, null);
      await blobs.create({ id, name: OUTPUT }, "live-1", createReadStream(path, { highWaterMark: 1024 * 1024 }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
  return {};
}

export function sessionId(path: string): string {
  return basename(path, ".jsonl");
}
