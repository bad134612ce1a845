/** Group commit: appends to different blobs that come together share one statement, and with it one flush to the server's disk. */
import { type BlobRef, encodeKey, hasCode, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { FOLD_BYTES, FOLD_ROWS } from "./chunks.js";
import type { Database } from "./database.js";
import { translate } from "./failure.js";
import { blobKeyBytes } from "./keys.js";
import { Parameters } from "./parameters.js";
import { numberOf } from "./rows.js";
import type { Tables } from "./tables.js";

const LARGEST_GROUP = 500;
const LARGEST_GROUP_BYTES = 2 * 1024 * 1024;

interface Append {
  readonly at: BlobRef;
  readonly key: Uint8Array;
  /** The key as text: one statement can change a row only once. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly call: Call;
  resolve(isDone: boolean): void;
  reject(error: unknown): void;
}

export class AppendGroups {
  readonly #db: Database;
  readonly #tables: Tables;
  #waiting: Append[] = [];
  #isRunning = false;

  constructor(db: Database, tables: Tables) {
    this.#db = db;
    this.#tables = tables;
  }

  /** `false`, having changed nothing, if the blob is not exactly `at`, or its small rows are to be folded. */
  add(at: BlobRef, bytes: Uint8Array, call: Call): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const key = blobKeyBytes(at.key);
      const name = `${at.key.id.length} ${at.key.id}${at.key.name}`;
      this.#waiting.push({ at, key, name, bytes, call, resolve, reject });
      if (!this.#isRunning) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // The turn of the event loop in which other appends may join.
      await new Promise((resolve) => setImmediate(resolve));
      const group = this.#next();
      if (group.length > 0) await this.#run(group);
    }
    this.#isRunning = false;
  }

  /** Takes from the queue what may share a statement. */
  #next(): readonly Append[] {
    const group: Append[] = [];
    const names = new Set<string>();
    let bytes = 0;
    this.#waiting = this.#waiting.filter((append) => {
      if (group.length === LARGEST_GROUP || bytes >= LARGEST_GROUP_BYTES || names.has(append.name)) return true;
      try {
        throwIfAborted(append.call.signal, append.call);
      } catch (error) {
        append.reject(error);
        return false;
      }
      names.add(append.name);
      bytes += append.bytes.length;
      group.push(append);
      return false;
    });
    // In one order everywhere, so that two processes don't wait for each other. If they do, the server undoes one, and it runs again.
    return group.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #run(group: readonly Append[]): Promise<void> {
    try {
      const done = await this.#append(group);
      for (const [n, append] of group.entries()) append.resolve(done.has(n));
    } catch (error) {
      // What the server refused has changed nothing: one that it can't take must not fail the others.
      const isRefused = !hasCode(error, "UNAVAILABLE");
      if (group.length > 1 && isRefused) for (const append of group) await this.#run([append]);
      else for (const { call, reject } of group) reject(translate(error, call));
    }
  }

  /** Gives the numbers of those that are done. */
  async #append(group: readonly Append[]): Promise<ReadonlySet<number>> {
    const { blobs, blobChunks } = this.#tables;
    const p = new Parameters();
    const values = group.map(({ at: { generation, size }, key, bytes }, n) => {
      return `(${n}, ${p.bytes(key)}, ${p.bytes(encodeKey(generation))}, ${p.count(size)}, ${p.bytes(bytes)})`;
    });
    const rows = await this.#db.query(
      `WITH given (n, key, generation, size, bytes) AS (VALUES ${values.join(", ")}),
       grown AS (
         UPDATE ${blobs} AS b SET size = b.size + octet_length(given.bytes), tail_rows = b.tail_rows + 1
         FROM given WHERE b.k = sha256(given.key) AND b.generation = given.generation AND b.size = given.size
           AND b.size + octet_length(given.bytes) - b.sealed < ${FOLD_BYTES} AND b.tail_rows + 1 < ${FOLD_ROWS}
         RETURNING given.n, given.bytes, b.stream, b.size
       ),
       added AS (INSERT INTO ${blobChunks} (stream, end_at, bytes) SELECT stream, size, bytes FROM grown)
       SELECT n FROM grown`,
      p,
    );
    return new Set(rows.map((row) => numberOf(row, "n")));
  }
}
