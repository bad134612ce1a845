/** The test data in memory: the same bytes for the archiver and for its peers. */
let data: Uint8Array | undefined;

export function bytes(): Uint8Array {
  if (!data) throw new Error("No data is loaded.");
  return data;
}

export async function load(): Promise<number> {
  data = await (await fetch("/data")).bytes();
  return data.length;
}

const CHUNK = 256 * 1024;

export function* chunksOf(whole: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < whole.length; at += CHUNK) yield whole.subarray(at, at + CHUNK) as Uint8Array<ArrayBuffer>;
}

export async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
