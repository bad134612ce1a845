/** Reads exact numbers of bytes from chunks cut anywhere. */

export interface ByteReader {
  /** Whether all bytes were read. */
  atEnd(): Promise<boolean>;
  /** Exactly `count` bytes, or `undefined` if there are fewer. Kept in memory, so for small counts only. */
  take(count: number): Promise<Uint8Array | undefined>;
  /** Skips `count` bytes; `false` if there are fewer. */
  skip(count: number): Promise<boolean>;
  /** Must be called in any case. */
  close(): Promise<void>;
}

export function byteReader(bytes: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();

  /** Reads on until there is at least one byte; `false` at the end. */
  async function fill(): Promise<boolean> {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done) return false;
      rest = next.value;
    }
    return true;
  }
  function cut(most: number): Uint8Array {
    const part = rest.subarray(0, most);
    rest = rest.subarray(part.length);
    return part;
  }
  return {
    atEnd: async () => !(await fill()),
    async take(count) {
      if (rest.length >= count) return cut(count);
      const whole = new Uint8Array(count);
      for (let at = 0; at < count; ) {
        if (!(await fill())) return undefined;
        const part = cut(count - at);
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
    async skip(count) {
      for (let left = count; left > 0; ) {
        if (!(await fill())) return false;
        left -= cut(left).length;
      }
      return true;
    },
    async close() {
      await chunks.return?.();
    },
  };
}
