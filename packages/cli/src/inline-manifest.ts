/** Reads the manifest that an archive file holds itself. */
import { open } from "node:fs/promises";
import { inlineManifest, MAX_HEADER_BYTES } from "@session-archiver/core/format";

/** `undefined` if the file begins with no whole manifest. */
export async function readInlineManifest(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(MAX_HEADER_BYTES);
    let size = 0;
    for (let read = -1; read !== 0 && size < head.length; size += read) {
      read = (await file.read(head, size, head.length - size, size)).bytesRead;
    }
    return inlineManifest(head.subarray(0, size));
  } finally {
    await file.close();
  }
}
