/** Writes an archive: by one request if it is short, else in parts. */
import {
  type ArchiveHead,
  ArchiverError,
  archiveExists,
  type Bytes,
  randomToken,
} from "@session-archiver/core/adapter";
import { claiming } from "./bucket/claims.js";
import { storeLongKey } from "./bucket/long-keys.js";
import { nameOf } from "./bucket/names.js";
import { IF_ABSENT, type Objects, TOKEN } from "./bucket/objects.js";
import { type Published, publish } from "./bucket/publish.js";
import { Upload } from "./bucket/upload.js";
import { type Call, unstoppable } from "./call.js";
import type { CreateOnly } from "./create-only.js";

export interface CreateSettings {
  readonly createOnly: CreateOnly;
  readonly headers: Readonly<Record<string, string>>;
  readonly tokens: Tokens;
}

/** Whether this bucket was seen to keep the tokens of writes, without which a writer does not find its own object again. */
export interface Tokens {
  areSeen: boolean;
}

/** The body comes in rows of the size of a part. */
export async function createArchive(
  objects: Objects,
  { createOnly, headers, tokens }: CreateSettings,
  key: string,
  body: Bytes,
  call: Call,
): Promise<ArchiveHead> {
  const named = await nameOf(key);
  const { name } = named;
  const token = randomToken();
  const condition = createOnly === "keys are random" ? {} : IF_ABSENT;
  let only: Uint8Array | undefined;
  let upload: Upload | undefined;
  let published: Published;
  try {
    for await (const row of body) {
      if (upload) await upload.add(row);
      else if (!only) only = row;
      else {
        upload = await Upload.begin(objects, name, headers, token, call);
        await upload.add(only);
        only = undefined;
        await upload.add(row);
      }
    }
    await upload?.finish();
    await storeLongKey(objects, key, named, call);
    const put = { method: "PUT", name, headers: { ...headers, ...condition, [TOKEN]: token }, body: only } as const;
    const create = async (): Promise<Published> => {
      const ours = upload ? await upload.complete(condition) : await publish(objects, put, token, call);
      if (!ours) throw archiveExists(key);
      return ours;
    };
    published = await (createOnly === "put" ? claiming(objects, name, key, token, call, create) : create());
  } catch (error) {
    await upload?.abort();
    throw error;
  }
  const { at } = published;
  const size = upload?.size ?? only?.length ?? 0;
  if (at !== undefined && tokens.areSeen && createOnly !== "keys are random") return { size, createdAt: at };
  const head = await headOfStored(objects, { name, key, token, size }, call);
  tokens.areSeen = true;
  return head;
}

interface Stored {
  readonly name: string;
  readonly key: string;
  readonly token: string;
  readonly size: number;
}

/** A look at what was written: whether the bucket keeps what was sent, and whether no other writer has replaced it. */
async function headOfStored(objects: Objects, { name, key, token, size }: Stored, call: Call): Promise<ArchiveHead> {
  const head = await objects.head(name, unstoppable(call));
  if (head?.token === token && head.size === size) return head;
  // Where nothing hinders it, another writer may have come right behind.
  if (head?.token !== undefined && head.token !== token) throw archiveExists(key);
  const what = head ? "comes back with another size, or without its x-amz-meta header" : "is gone";
  throw new ArchiverError("UNAVAILABLE", `Archive "${key}" was stored, and ${what}.`, { key });
}
