/** A sweep of many small sessions, and the codec alone on the same bytes. */
import { bytesOf } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { timed } from "./data.js";
import { storeNamed } from "./stores.js";

/** Sessions of one size, each different, in memory. */
let made: readonly Uint8Array[] = [];

/** How many transactions the browser has been asked for, by mode. */
const transactions = { readonly: 0, readwrite: 0, versionchange: 0 };
const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (stores, mode = "readonly", options) {
  transactions[mode]++;
  return transaction.call(this, stores, mode, options);
};

async function addOne(store: string, id: string, bytes: Uint8Array): Promise<void> {
  const { blobs, objects } = storeNamed(store).ports;
  await blobs.create({ id, name: "output" }, "live-1", bytesOf(bytes));
  await objects.put(id, { [KEY.view]: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
}

export interface Swept {
  readonly ms: number;
  readonly reads: number;
  readonly writes: number;
}

export const sweepCommands = {
  makeSmall(count: number, size: number): void {
    made = Array.from({ length: count }, (_, n) => {
      const lines = [...generateSession({ seed: n + 1, bytes: size })];
      const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0));
      let at = 0;
      for (const line of lines) {
        bytes.set(line, at);
        at += line.length;
      }
      return bytes;
    });
  },
  addSmall: async (store: string, round: number): Promise<void> => {
    await Promise.all(made.map((bytes, n) => addOne(store, `${round}-${n}`, bytes)));
  },
  async sweep(store: string): Promise<Swept> {
    const before = { ...transactions };
    const ms = await timed(async () => {
      const { archivedCount, failures } = await storeNamed(store).archiver.sweep();
      if (archivedCount !== made.length) throw new Error(`Swept ${archivedCount}: ${JSON.stringify(failures)}`);
    });
    return {
      ms,
      reads: transactions.readonly - before.readonly,
      writes: transactions.readwrite - before.readwrite,
    };
  },
  /** One `CompressionStream` a session, one after the other. */
  compressSmall: (): Promise<number> =>
    timed(async () => {
      for (const bytes of made) {
        const zipped = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
        await new Response(zipped).arrayBuffer();
      }
    }),
};
