/** Sessions whose output lies in several parts. */
import { gunzipSync } from "node:zlib";
import { KEY } from "../../../src/adapter.js";
import { type ArchiverOptions, toBytes } from "../../../src/index.js";
import { type ArchivedFile, archivedFiles, partsOfFile } from "../../../src/session/archived-file.js";
import { makeSession, metaOf, type World, world } from "../../support.js";

export async function append(w: World, text: string, id = "s"): Promise<void> {
  const recorder = w.archiver.recorder(id);
  await recorder.append(text);
  await recorder.close();
}

/** Archives each piece before the next one comes. By default, no part is too small for a file of its own. */
export async function inParts(pieces: readonly string[], options: Partial<ArchiverOptions> = {}): Promise<World> {
  const w = world({ policy: { smallPartBytes: 0 }, ...options });
  const [first = "", ...tails] = pieces;
  await makeSession(w, "s", first);
  await w.archiver.archive("s");
  for (const piece of tails) {
    w.now += 1000;
    await append(w, piece);
    await w.archiver.archive("s");
  }
  return w;
}

export async function fileOf(w: World, name = "output"): Promise<ArchivedFile> {
  const file = archivedFiles("s", await metaOf(w)).find((one) => one.name === name);
  if (!file) throw new Error(`no file ${name}`);
  return file;
}

/** The sink keys of the output's parts. */
export async function partKeys(w: World): Promise<readonly string[]> {
  return partsOfFile(await fileOf(w)).map(({ key }) => key);
}

/** What gunzip makes of all parts, one behind the other. */
export async function unzipped(w: World): Promise<string> {
  const files = [];
  for (const key of await partKeys(w)) files.push((await toBytes(w.ports.archives.read(key))).slice());
  return gunzipSync(Buffer.concat(files)).toString();
}

export async function manifestKey(w: World): Promise<string> {
  return String((await metaOf(w))[KEY.manifestKey]);
}
