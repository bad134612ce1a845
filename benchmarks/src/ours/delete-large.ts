/** Task: deletes a large blob during appends to another session. */
import { type BlobRef, type Bytes, bytesOf, OUTPUT } from "@session-archiver/core";
import { secondsSince, timed } from "../measure/sample.js";
import { median } from "../report/statistics.js";
import { openStores, type Where } from "./stores.js";

export interface DeleteParams {
  readonly where: Where;
  readonly bytes: number;
}

/** In seconds. */
export interface DeleteResult {
  readonly delete: number;
  readonly aloneMedian: number;
  readonly aloneLongest: number;
  readonly besideMedian: number;
  readonly besideLongest: number;
}

const PIECE_BYTES = 1024 * 1024;
const ALONE_SECONDS = 2;
const LINE = new Uint8Array(500).fill(120);

export async function run({ where, bytes }: DeleteParams): Promise<DeleteResult> {
  await using stores = await openStores(where);
  const { blobs } = stores.ports;
  const large = await blobs.create({ id: "large", name: OUTPUT }, "live-1", piecesOf(bytes));
  let at: BlobRef = await blobs.create({ id: "small", name: OUTPUT }, "live-1", bytesOf());
  const appendWhile = async (goesOn: () => boolean): Promise<readonly number[]> => {
    const times: number[] = [];
    do {
      const seconds = await timed(async () => {
        at = await blobs.append(at, LINE);
      });
      times.push(seconds);
    } while (goesOn());
    return times;
  };
  const started = performance.now();
  const alone = await appendWhile(() => secondsSince(started) < ALONE_SECONDS);
  let isDeleted = false;
  const deleting = timed(() => blobs.delete(large)).finally(() => {
    isDeleted = true;
  });
  const beside = await appendWhile(() => !isDeleted);
  return {
    delete: await deleting,
    aloneMedian: median(alone),
    aloneLongest: Math.max(...alone),
    besideMedian: median(beside),
    besideLongest: Math.max(...beside),
  };
}

async function* piecesOf(bytes: number): Bytes {
  for (let made = 0; made < bytes; made += PIECE_BYTES) {
    yield new Uint8Array(Math.min(PIECE_BYTES, bytes - made)).fill(made);
  }
}
