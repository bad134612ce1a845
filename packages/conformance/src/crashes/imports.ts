/** Imports that stop half-way: the next import finishes them. */
import { type Archiver, hasCode, type ImportSource, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { crc32 } from "@session-archiver/core/format";
import { check, equal, equalBytes } from "../support/assert.js";
import { concat, text, toBytes } from "../support/data.js";
import { transcript } from "../support/session.js";
import { type Operation, TITLE } from "./operations.js";
import { archived, live, type Prepare, SIDECAR_BYTES } from "./states.js";

const NOTHING = new Uint8Array();
const SIDECAR = "times";
/** The output that `live` makes. */
const HELD = concat([transcript(600), text("\n")]);
const GROWN = concat([HELD, transcript(300, 2)]);
const REWRITTEN = concat([text('{"type":"summary"}\n'), transcript(400, 3)]);

/** A source like a file: its version changes whenever its bytes change. */
function sourceOf(bytes: Uint8Array): ImportSource {
  return {
    size: bytes.length,
    version: String(crc32(bytes)),
    async *read({ start, end }) {
      yield bytes.slice(start, end);
    },
  };
}

/** A new session gets the same title as the others. */
function take(archiver: Archiver, id: string, source: Uint8Array): Promise<unknown> {
  return archiver.import(id, sourceOf(source), { meta: { title: TITLE } });
}

const none: Prepare = async () => NOTHING;

const withoutArchive: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  await ports.archives.delete(String((await ports.objects.get(id))?.meta[KEY.archiveKey]));
  return output;
};

function importOf(name: string, prepare: Prepare, source: Uint8Array): Operation {
  return { name, prepare, operate: (archiver, id) => take(archiver, id, source), imports: source };
}

export const IMPORTS: readonly Operation[] = [
  importOf("import of a new session", none, GROWN),
  importOf("import of a source that has grown", archived, GROWN),
  importOf("import of a source that was rewritten", live, REWRITTEN),
  importOf("import of a rewritten source of an archived session", archived, REWRITTEN),
  importOf("import that makes a lost archive anew", withoutArchive, HELD),
];

/**
 * The session holds its earlier bytes, a beginning of the source, or all of it. The same import then completes it, and any
 * bytes that it replaced can still be read.
 */
export async function importAgain(
  archiver: Archiver,
  ports: Ports,
  id: string,
  source: Uint8Array,
  before: Uint8Array,
  when: string,
): Promise<void> {
  if (await ports.objects.get(id)) await isBetween(archiver, id, source, before, when);
  await take(archiver, id, source);
  const { versions } = await archiver.info(id);
  const isKept = !startsWith(source, before);
  equal(versions.length, isKept ? 1 : 0, `the versions kept ${when}, imported again`);
  if (isKept) equalBytes(await toBytes(archiver.read(id, { version: 1 })), before, `the version kept ${when}`);
  if (await ports.blobs.stat({ id, name: SIDECAR })) return;
  const hasSidecar = (await toBytes(archiver.read(id, { name: SIDECAR }))).length > 0;
  const part = (async function* () {
    yield SIDECAR_BYTES;
  })();
  if (!hasSidecar) await ports.blobs.create({ id, name: SIDECAR }, "live-1", part);
}

async function isBetween(
  archiver: Archiver,
  id: string,
  source: Uint8Array,
  before: Uint8Array,
  when: string,
): Promise<void> {
  let bytes: Uint8Array;
  try {
    bytes = await toBytes(archiver.read(id));
  } catch (error) {
    check(hasCode(error, "CORRUPT") && source === HELD, `the session can't be read ${when}: ${error}`);
    return; // its archive was lost before
  }
  const isOld = startsWith(bytes, before) && startsWith(before, bytes);
  check(isOld || startsWith(source, bytes), `the session holds what was never imported ${when}.`);
  check(isOld || bytes.length >= before.length || !startsWith(source, before), `the session has lost bytes ${when}.`);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.length <= bytes.length && start.every((byte, i) => byte === bytes[i]);
}
