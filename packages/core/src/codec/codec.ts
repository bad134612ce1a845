/**
 * Deflates and inflates one segment at a time; `format/` does everything else about an archive. Any codec reads what
 * any other wrote.
 */
export interface Codec {
  /** How many segments are worth working on at once: 1 for a codec that computes on the calling thread. */
  readonly concurrency: number;
  /**
   * Returns raw deflate blocks (RFC 1951) that need nothing before them, none of them final, ending on a byte boundary
   * with an empty stored block. Must not keep or change `raw`. The array is
   * the caller's alone, who may also transfer its buffer.
   */
  deflate(raw: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /**
   * The raw bytes of a raw deflate stream, up to its final block; what follows is ignored. `CORRUPT` if it is not
   * valid, has no end, or holds more than `maxBytes`; never allocates much more than that. The array is the caller's
   * alone, who may also transfer its buffer.
   */
  inflate(deflated: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array>;
}
