/** Checks archiving against the codec's own library, by time and by size. */
import { availableParallelism } from "node:os";
import { gzipSync as zlibGzip } from "node:zlib";
import { bytesOf, type Codec, createArchiver, memoryPorts, OUTPUT } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { gzipSync as fflateGzip } from "fflate";
import { timedByProcessor } from "../measure/sample.js";
import type { Check } from "./check.js";
import type { Fixture } from "./fixture.js";
import type { Subject } from "./subject.js";

const MIB = 1024 * 1024;
/** Small, because rounds should be short. */
const ZLIB_BYTES = 6 * MIB;
const FFLATE_BYTES = 2 * MIB;

export function archivingChecks(fixture: Fixture, subject: Subject): readonly Check[] {
  const session = fixture.session.subarray(0, ZLIB_BYTES);
  const short = session.subarray(0, FFLATE_BYTES);
  const archiving = async (codec: Codec, bytes: Uint8Array): Promise<number> => {
    const id = await fixture.add(bytes);
    return timedByProcessor(() => fixture.with(codec).archive(id));
  };
  return [
    {
      name: "archive, SQLite to fs, zlib codec",
      than: "zlib's gzipSync, in memory, by processor time",
      atLeast: 0.33,
      by: "processor",
      ours: () => archiving(subject.zlib, session),
      peer: () => timedByProcessor(async () => zlibGzip(session)),
    },
    {
      name: "archive, SQLite to fs, fflate codec",
      than: "fflate's gzipSync, in memory, by processor time",
      atLeast: 0.32,
      by: "processor",
      ours: () => archiving(subject.fflate, short),
      peer: () => timedByProcessor(async () => fflateGzip(short)),
    },
    {
      name: "segments in the works at once, zlib codec",
      than: "the machine's cores",
      atLeast: 1,
      by: "count",
      ours: async () => 1 / (await segmentsAtOnce(session, subject.zlibInPool)),
      peer: async () => 1 / availableParallelism(),
    },
    {
      name: "stored size",
      than: "gzip -6's, inverted",
      atLeast: 0.97,
      by: "count",
      ours: async () => {
        const id = await fixture.add(session);
        await fixture.with(subject.sizeCodec).archive(id);
        return Number((await fixture.ports.objects.get(id))?.meta[KEY.archiveBytes]);
      },
      peer: async () => zlibGzip(session).length,
    },
  ];
}

async function segmentsAtOnce(session: Uint8Array, codec: Codec): Promise<number> {
  let now = 0;
  let most = 0;
  const counting: Codec = {
    ...codec,
    async deflate(raw) {
      most = Math.max(most, ++now);
      const deflated = await codec.deflate(raw);
      now--;
      return deflated;
    },
  };
  const ports = memoryPorts();
  await ports.objects.put("s", { view: "agent" }, null);
  await ports.blobs.create({ id: "s", name: OUTPUT }, "live-1", bytesOf(session));
  await createArchiver({ ...ports, codec: counting }).archive("s");
  return most;
}
