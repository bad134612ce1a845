import { open } from "node:fs/promises";

/** The first bytes of a file. Throws if the file has fewer. */
export async function loadStart(path: string, bytes: number): Promise<Uint8Array> {
  const data = new Uint8Array(bytes);
  await using file = await open(path);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(data, at, Math.min(bytes - at, 2 ** 30));
    if (bytesRead === 0) throw new Error(`${path} has ${at} bytes, not ${bytes}.`);
    at += bytesRead;
  }
  return data;
}
