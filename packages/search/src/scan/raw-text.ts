/** Bytes as text of one character per byte, so that offsets agree: the fastest form to look through. */

/** Node's, where there is one. */
interface NodeBuffer {
  from(buffer: ArrayBufferLike, offset: number, length: number): { latin1Slice(): string };
}

const { Buffer: node } = globalThis as unknown as { readonly Buffer?: NodeBuffer };
const decoder = new TextDecoder("latin1");

/** ASCII is itself; a byte from 0x80 on is some character beyond ASCII, always the same one. */
export function rawText(bytes: Uint8Array): string {
  return node ? node.from(bytes.buffer, bytes.byteOffset, bytes.length).latin1Slice() : decoder.decode(bytes);
}

/** How many line ends there are in `[from, to)`; to the text's end if that is left out. */
export function newlinesIn(text: string, from: number, to: number = text.length): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
