/** Damages a file. */
import { open } from "node:fs/promises";

/** Changes one byte; `place`: where, from 0 to 1. */
export async function flipByte(path: string, place: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    const at = Math.floor((await file.stat()).size * place);
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.of((buffer[0] ?? 0) ^ 0x10), 0, 1, at);
  } finally {
    await file.close();
  }
}
