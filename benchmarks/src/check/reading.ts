/** Checks reading an archived session: all of it, and its end. */
import { gunzipSync, gzipSync } from "node:zlib";
import { type Archiver, type Bytes, createArchiver } from "@session-archiver/core";
import { timed, timedByProcessor } from "../measure/sample.js";
import { withoutManifests } from "../ours/without-manifests.js";
import type { Check } from "./check.js";
import type { Fixture } from "./fixture.js";
import type { Subject } from "./subject.js";

const LINES = 100;
/** Small, because rounds should be short. */
const SHORT_BYTES = 6 * 1024 * 1024;

export async function readingChecks(fixture: Fixture, subject: Subject): Promise<readonly Check[]> {
  const { session, ports } = fixture;
  const archiver = fixture.with(subject.zlib);
  const bare = createArchiver({ ...withoutManifests(ports), codec: subject.zlib });
  const archived = async (bytes: Uint8Array): Promise<string> => {
    const id = await fixture.add(bytes);
    await archiver.archive(id);
    return id;
  };
  const id = await archived(session);
  const short = session.subarray(0, SHORT_BYTES);
  const shortId = await archived(short);
  const gzipped = gzipSync(short);
  const all = (): Promise<number> => timed(() => drain(archiver.read(id), session.length));
  const tail = (from: Archiver): Promise<number> => timed(() => drain(subject.tail(from, id, LINES), 1));
  return [
    {
      name: "read to the end, zlib codec",
      than: "zlib's gunzipSync, in memory, by processor time",
      // The same build gave from 0.33 to 0.81 within minutes on one machine.
      atLeast: 0.25,
      ours: () => timedByProcessor(() => drain(archiver.read(shortId), short.length)),
      peer: () => timedByProcessor(async () => gunzipSync(gzipped)),
    },
    { name: `last ${LINES} lines`, than: "all of it", atLeast: 5, ours: () => tail(archiver), peer: all },
    {
      name: `last ${LINES} lines, without manifest`,
      than: "all of it",
      atLeast: 5,
      ours: () => tail(bare),
      peer: all,
    },
  ];
}

async function drain(bytes: Bytes, atLeast: number): Promise<void> {
  let total = 0;
  for await (const chunk of bytes) total += chunk.length;
  if (total < atLeast) throw new Error(`Only ${total} bytes were read.`);
}
