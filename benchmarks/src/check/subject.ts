/** The code under check, and a version that is slow on purpose, with which each check must fail. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type Archiver, type Bytes, type Codec, defaultCodec, type Ports, type Recorder } from "@session-archiver/core";

export interface Subject {
  /** On the calling thread: two threads of zlib on one core take more processor time than one, as long as no other program runs. */
  readonly zlib: Codec;
  readonly zlibInPool: Codec;
  readonly fflate: Codec;
  readonly sizeCodec: Codec;
  tail(archiver: Archiver, id: string, count: number): Bytes;
  /** The store as the sweep uses it. */
  ports(ports: Ports): Ports;
  append(recorder: Recorder, lines: readonly string[]): Promise<unknown>;
}

export const SHIPPED: Subject = {
  zlib: zlibCodec({ onCallingThread: true }),
  zlibInPool: zlibCodec(),
  fflate: defaultCodec(),
  sizeCodec: zlibCodec(),
  tail: (archiver, id, count) => archiver.tail(id, count),
  ports: (ports) => ports,
  append: (recorder, lines) => Promise.all(lines.map((line) => recorder.append(line))),
};

const REPEATS = 4;

/** Compresses and inflates each segment four times, and one at a time; reads all bytes for a tail; lists all sessions; appends singly. */
export const SLOWED: Subject = {
  zlib: repeated(zlibCodec({ onCallingThread: true })),
  zlibInPool: zlibCodec({ concurrency: 1 }),
  fflate: repeated(defaultCodec()),
  sizeCodec: zlibCodec({ level: 1 }),
  tail: (archiver, id) => archiver.read(id),
  ports: ({ objects, ...ports }) => ({
    ...ports,
    objects: {
      get: objects.get,
      put: objects.put,
      delete: objects.delete,
      list: (_query, op) => objects.list(undefined, op),
    },
  }),
  async append(recorder, lines) {
    for (const line of lines) await recorder.append(line);
  },
};

function repeated(codec: Codec): Codec {
  const repeat = async (work: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> => {
    for (let n = 1; n < REPEATS; n++) await work();
    return work();
  };
  return {
    ...codec,
    deflate: (raw) => repeat(() => codec.deflate(raw)),
    inflate: (deflated, maxBytes) => repeat(() => codec.inflate(deflated, maxBytes)),
  };
}
