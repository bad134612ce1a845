/**
 * Whether JSON from outside holds more than `most` arrays and objects. Two bytes of text may become a hundred of memory, so
 * they are counted before any is made. A bracket inside a string counts as well.
 */
export function hasMoreContainers(text: Uint8Array, most: number): boolean {
  // A shorter text can't have that many.
  if (text.length <= most) return false;
  let count = 0;
  for (const byte of text) if (byte === 0x5b || byte === 0x7b) count++;
  return count > most;
}
