/**
 * The store's own metadata: `store.json` beside the sessions' directories. Those never hold a dot, so no id has this path,
 * and a listing looks at directories only. Written as an object is: see `objects.ts`.
 */
import { randomUUID } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { ArchiverError, bytesOf, type Meta, type OpOptions, type OwnMeta } from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import { committing, guarded } from "./errors.js";
import { readText } from "./files.js";
import { OWN_FILE } from "./layout.js";
import { isRecord, toText } from "./object-file.js";

interface Stored {
  readonly version: string;
  readonly meta: Meta;
}

export function openOwnMeta({ tree, staging, lock, begin, beginChange, change }: Area): OwnMeta {
  async function find(): Promise<Stored | undefined> {
    const root = await tree.find([]);
    return root === undefined ? undefined : readOwn(join(root, OWN_FILE));
  }

  async function publish(file: string, expected: string | null, op: OpOptions | undefined): Promise<void> {
    await lock.run(async () => {
      const version = (await find())?.version ?? null;
      if (version !== expected) {
        const message = `The store's own metadata is not at version ${expected ?? "(absent)"} but ${version ?? "(absent)"}.`;
        throw new ArchiverError("CONFLICT", message);
      }
      await rename(file, join(await tree.ensure([]), OWN_FILE));
      await committing(() => tree.sync([]));
    }, op);
  }

  return {
    async get(op) {
      begin(op);
      return guarded("read the store's own metadata", {}, find);
    },
    async put(meta, expected, op) {
      const version = randomUUID();
      const doing = "write the store's own metadata";
      await beginChange(doing, op, {});
      const body = bytesOf(toText({ version, meta }, {}));
      return staging.write(body, { doing, context: {}, op }, async ({ path }) => {
        await guarded(doing, {}, () => change(() => publish(path, expected, op)));
        return version;
      });
    },
  };
}

/** `CORRUPT` for anything else in its place. */
function readOwn(file: string): Stored | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  let cause: unknown;
  try {
    const value: unknown = JSON.parse(text);
    const { version, meta } = isRecord(value) ? value : {};
    if (typeof version === "string" && isRecord(meta)) return { version, meta: meta as Meta };
  } catch (error) {
    cause = error;
  }
  const message = `${file} does not hold this store's own metadata: repair it or restore a backup of it.`;
  throw new ArchiverError("CORRUPT", message, { cause });
}
