/** Checks reading an archived session: all of it, and its end. */
import { gunzipSync, gzipSync } from "node:zlib";
import { type Archiver, type Bytes, createArchiver } from "@session-archiver/core";
import { timed, timedByProcessor } from "../measure/sample.js";
import { withoutManifests } from "../ours/without-manifests.js";
import type { Check } from "./check.js";
import type { Fixture } from "./fixture.js";
import type { Subject } from "./subject.js";

const LINES = 100;

export async function readingChecks(fixture: Fixture, subject: Subject): Promise<readonly Check[]> {
  const { session, ports } = fixture;
  const archiver = fixture.with(subject.zlib);
  const bare = createArchiver({ ...withoutManifests(ports), codec: subject.zlib });
  const id = await fixture.add(session);
  await archiver.archive(id);
  const gzipped = gzipSync(session);
  const readAll = (): Promise<void> => drain(archiver.read(id), session.length);
  const tail = (from: Archiver): Promise<number> => timed(() => drain(subject.tail(from, id, LINES), 1));
  const lastLines = { than: "all of it", atLeast: 5, by: "clock", peer: () => timed(readAll) } as const;
  return [
    {
      name: "read to the end, zlib codec",
      than: "zlib's gunzipSync, in memory, by processor time",
      atLeast: 0.53,
      by: "processor",
      ours: () => timedByProcessor(readAll),
      peer: () => timedByProcessor(async () => gunzipSync(gzipped)),
    },
    { ...lastLines, name: `last ${LINES} lines`, ours: () => tail(archiver) },
    { ...lastLines, name: `last ${LINES} lines, without manifest`, ours: () => tail(bare) },
  ];
}

async function drain(bytes: Bytes, atLeast: number): Promise<void> {
  let total = 0;
  for await (const chunk of bytes) total += chunk.length;
  if (total < atLeast) throw new Error(`Only ${total} bytes were read.`);
}
