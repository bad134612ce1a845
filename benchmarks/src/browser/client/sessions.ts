/** One large session through archive, reads and restore. */
import { bytesOf, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { crc32 } from "@session-archiver/core/format";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { bytes, chunksOf, timed } from "./data.js";
import { storeNamed } from "./stores.js";

const ID = "large";

async function add(store: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const { blobs, objects } = storeNamed(store).ports;
  await blobs.create({ id: ID, name: "output" }, "live-1", body);
  await objects.put(ID, { [KEY.view]: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
}

/** Makes it as it goes: it is never in memory as a whole. */
async function* generated(size: number): AsyncGenerator<Uint8Array> {
  let batch: Uint8Array<ArrayBuffer>[] = [];
  let filled = 0;
  for (const line of generateSession({ seed: 1, bytes: size })) {
    batch.push(line as Uint8Array<ArrayBuffer>);
    filled += line.length;
    if (filled < 256 * 1024) continue;
    yield await new Blob(batch).bytes();
    batch = [];
    filled = 0;
  }
  yield await new Blob(batch).bytes();
}

export const sessionCommands = {
  add: (store: string): Promise<number> => timed(() => add(store, bytesOf(...chunksOf(bytes())))),
  addGenerated: (store: string, size: number): Promise<number> => timed(() => add(store, generated(size))),
  archive: (store: string): Promise<number> => timed(() => storeNamed(store).archiver.archive(ID)),
  readAll: (store: string): Promise<number> =>
    timed(async () => {
      for await (const _ of storeNamed(store).archiver.read(ID));
    }),
  restore: (store: string): Promise<number> => timed(() => storeNamed(store).archiver.restore(ID)),
  tail: (store: string, lines: number): Promise<number> =>
    timed(async () => {
      const text = new TextDecoder().decode(await toBytes(storeNamed(store).archiver.tail(ID, lines)));
      if (text.split("\n").length !== lines + 1) throw new Error(`These are not ${lines} lines.`);
    }),
  /** Whether what is stored is what was loaded. Not timed. */
  async isSame(store: string): Promise<boolean> {
    let crc = 0;
    for await (const chunk of storeNamed(store).archiver.read(ID)) crc = crc32(chunk, crc);
    return crc === crc32(bytes());
  },
  archiveBytes: async (store: string): Promise<number> => (await storeNamed(store).archiver.info(ID)).totalBytes,
  /** Makes room for the next round. */
  collect: async (store: string): Promise<unknown> => storeNamed(store).archiver.gc({ graceDays: 0 }),
};
