/** What the small S3 server holds, and how it behaves. */
import { createHash } from "node:crypto";

export interface FakeObject {
  readonly bytes: Buffer;
  readonly etag: string;
  /** Unix ms. */
  readonly modified: number;
  /** The headers that come back. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface FakeUpload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly bytes: Buffer; readonly etag: string }>;
  readonly initiated: number;
}

/** What real servers differ in. */
export interface Behaviour {
  /** Which writes honour `If-None-Match: *`; the others replace, as if it were not there. */
  createOnly: "both" | "put" | "none";
  /** Names in a page of a listing, at most. */
  pageSize: number;
  versioning: "Enabled" | "Suspended" | undefined;
  objectLock: boolean;
  /** Whether GET minds a range. */
  ranges: boolean;
  /** Whether it keeps the headers x-amz-meta-…. */
  keepsMeta: boolean;
}

export const AS_AMAZON: Behaviour = {
  createOnly: "both",
  pageSize: 1000,
  versioning: undefined,
  objectLock: false,
  ranges: true,
  keepsMeta: true,
};

export class FakeBucket {
  readonly objects: Map<string, FakeObject> = new Map();
  readonly uploads: Map<string, FakeUpload> = new Map();
  readonly behaviour: Behaviour;
  now: () => number = Date.now;
  #uploadIds = 0;

  constructor(behaviour: Partial<Behaviour> = {}) {
    this.behaviour = { ...AS_AMAZON, ...behaviour };
  }

  set(key: string, bytes: Buffer, headers: Readonly<Record<string, string>>, etag: string = etagOf(bytes)): void {
    this.objects.set(key, { bytes, etag, headers, modified: this.now() });
  }

  begin(key: string, headers: Readonly<Record<string, string>>): string {
    const id = `upload-${++this.#uploadIds}`;
    this.uploads.set(id, { key, headers, parts: new Map(), initiated: this.now() });
    return id;
  }
}

export function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}
