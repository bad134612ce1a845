/** Codecs that count what they do, or have several segments in the works. */
import { type Codec, fflateCodec } from "../src/index.js";

export const codec: Codec = fflateCodec();

/** A codec that counts what it does, and reads ahead. */
export function countingCodec(): { readonly codec: Codec; deflated: number; inflated: number } {
  const self = {
    deflated: 0,
    inflated: 0,
    codec: {
      ...codec,
      concurrency: 3,
      deflate: (...args: Parameters<Codec["deflate"]>) => {
        self.deflated++;
        return codec.deflate(...args);
      },
      inflate: (...args: Parameters<Codec["inflate"]>) => {
        self.inflated++;
        return codec.inflate(...args);
      },
    },
  };
  return self;
}

/** fflate's codec with several segments in the works, which says how many there were at most. */
export function busyCodec(concurrency: number): Codec & { most: number } {
  let now = 0;
  const counted = async (work: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> => {
    self.most = Math.max(self.most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return work();
  };
  const self = {
    concurrency,
    most: 0,
    deflate: (raw: Uint8Array) => counted(() => codec.deflate(raw)),
    inflate: (deflated: Uint8Array, maxBytes: number) => counted(() => codec.inflate(deflated, maxBytes)),
  };
  return self;
}
