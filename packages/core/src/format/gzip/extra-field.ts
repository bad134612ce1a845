/**
 * A manifest inline in its archive file: in the extra field of the gzip header (RFC 1952, 2.3.1.1), which readers of gzip skip.
 *
 * What the field takes up is the manifest's size: six bytes of frame, and its text. So that the text has that size, too, it ends with
 * six line ends, which are not stored.
 */
import { concat } from "../../bytes.js";
import { HEADER } from "./frame.js";

/** The flag that there is such a field. */
const FEXTRA = 4;
const FLAGS_AT = 3;
/** Names the field's one part as a manifest of this format. */
const NAME = Uint8Array.of(0x53, 0x41); // "SA"
/** The length of the field, then the name and the length of its part. */
const FRAME_BYTES = 6;

/** The end of every inline manifest. */
export const UNSTORED: Uint8Array = new Uint8Array(FRAME_BYTES).fill(0x0a);

/** Most bytes of an inline manifest: the field's length takes two bytes. */
export const MAX_INLINE_BYTES: number = 0xffff + 2;

/** Where the stored text of the manifest begins in such a file. */
export const TEXT_AT: number = HEADER.length + FRAME_BYTES;

/** Bytes of an archive file before its first segment, if a manifest of this size is inline. */
export function headerBytes(manifestBytes: number): number {
  return HEADER.length + manifestBytes;
}

/** The header of a file that holds this manifest, which ends with six line ends. */
export function headerWith(manifest: Uint8Array): Uint8Array {
  const header = new Uint8Array(headerBytes(manifest.length));
  header.set(frameOf(manifest.length));
  header.set(manifest.subarray(0, -FRAME_BYTES), TEXT_AT);
  return header;
}

/** Whether the bytes start like a file with a manifest of this size. */
export function hasManifest(bytes: Uint8Array, manifestBytes: number): boolean {
  return frameOf(manifestBytes).every((byte, i) => bytes[i] === byte);
}

/** Most bytes of an archive file that {@link inlineManifest} needs. */
export const MAX_HEADER_BYTES: number = HEADER.length + MAX_INLINE_BYTES;

/** The manifest that the first bytes of an archive file hold; `undefined` if it is not inline, or not all of it is there. */
export function inlineManifest(head: Uint8Array): Uint8Array | undefined {
  if (head.length < TEXT_AT) return undefined;
  const text = new DataView(head.buffer, head.byteOffset).getUint16(TEXT_AT - 2, true);
  const isWhole = head.length >= TEXT_AT + text && hasManifest(head, text + FRAME_BYTES);
  return isWhole ? concat([head.subarray(TEXT_AT, TEXT_AT + text), UNSTORED]) : undefined;
}

function frameOf(manifestBytes: number): Uint8Array {
  const text = manifestBytes - FRAME_BYTES;
  const frame = new Uint8Array(TEXT_AT);
  frame.set(HEADER);
  frame[FLAGS_AT] = FEXTRA;
  const view = new DataView(frame.buffer);
  view.setUint16(HEADER.length, NAME.length + 2 + text, true);
  frame.set(NAME, HEADER.length + 2);
  view.setUint16(HEADER.length + 4, text, true);
  return frame;
}
