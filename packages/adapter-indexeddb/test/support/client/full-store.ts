/** A store that is filled up to its quota, and swept. Any browser can run it: the quota is set from outside. */
import { type IndexedDbStore, openIndexedDb, storageStatus } from "@session-archiver/adapter-indexeddb";
import { bytesOf, createArchiver, hasCode, nativeCodec, type SweepReport, toBytes } from "@session-archiver/core";
import { crc32 } from "@session-archiver/core/format";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { fillDatabase } from "./fill-database.js";

/** Parts of the quota: none is over a fifth. */
const SIZES = [0.18, 0.1, 0.05, 0.03, 0.02, 0.012, 0.004, 0.001];

export interface Filled {
  readonly ids: readonly string[];
  readonly liveBytes: number;
  readonly largestBytes: number;
  readonly reservedBytes: number;
  /** What the browser says that the site uses. */
  readonly fullBytes: number;
}

export interface Swept {
  readonly report: SweepReport;
  readonly sweptBytes: number;
  /** Sessions that are not byte for byte what they were. */
  readonly differing: readonly string[];
}

const sums = new Map<string, number>();
let store: IndexedDbStore | undefined;

export const fullStoreCommands = {
  /** Takes sessions in until not even the smallest finds space, then fills what is left with another database. */
  async fillUp(
    name: string,
    quotaBytes: number,
    { reserve = true, parts = SIZES }: { readonly reserve?: boolean; readonly parts?: readonly number[] } = {},
  ): Promise<Filled> {
    store = await openIndexedDb(name, { reserve });
    sums.clear();
    let [liveBytes, largestBytes] = [0, 0];
    const add = async (id: string, bytes: number): Promise<boolean> => {
      const session = await bytesOfSession(bytes, sums.size);
      try {
        await store?.blobs.create({ id, name: "output" }, `live-${id}`, bytesOf(session));
        await store?.objects.put(id, { view: "agent", "session:last_activity_ms": 1, "session:line_count": 9 }, null);
      } catch (error) {
        if (!hasCode(error, "QUOTA")) throw error;
        const blob = await store?.blobs.stat({ id, name: "output" });
        if (blob) await store?.blobs.delete(blob);
        return false;
      }
      sums.set(id, crc32(session));
      liveBytes += session.length;
      largestBytes = Math.max(largestBytes, session.length);
      return true;
    };
    let sizes = parts.map((part) => part * quotaBytes);
    while (sizes.length > 0) {
      const fitting: number[] = [];
      for (const size of sizes) if (await add(`s${sums.size}`, size)) fitting.push(size);
      sizes = fitting;
    }
    await fillDatabase(`${name}-rest`, 1024);
    const reservedBytes = await store.reservedBytes();
    return { ids: [...sums.keys()], liveBytes, largestBytes, reservedBytes, fullBytes: await usage() };
  },

  async sweepFull(): Promise<Swept> {
    if (!store) throw new Error("Nothing was filled.");
    const archiver = createArchiver({ ...store, codec: nativeCodec() });
    const report = await archiver.sweep();
    const differing: string[] = [];
    for (const [id, sum] of sums) if (crc32(await toBytes(archiver.read(id))) !== sum) differing.push(id);
    return { report, sweptBytes: await usage(), differing };
  },
};

async function usage(): Promise<number> {
  return (await storageStatus()).usageBytes ?? Number.NaN;
}

async function bytesOfSession(bytes: number, seed: number): Promise<Uint8Array> {
  const lines = [...generateSession({ seed, bytes })] as Uint8Array<ArrayBuffer>[];
  return new Blob(lines).bytes();
}
