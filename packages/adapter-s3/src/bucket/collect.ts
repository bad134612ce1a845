/** What writers that died have left: uploads that nobody will complete, and claims, keys and probes without an archive. */
import type { Call } from "../call.js";
import { failureOf } from "../failure.js";
import { isAbsent, isOk } from "../http/answer.js";
import { elementsOf, textOf } from "../http/xml.js";
import { type ListedName, listNames } from "./listing.js";
import { readLongKey } from "./long-keys.js";
import { CLAIMS, keyOf, LONG_KEYS, nameOf, PROBES } from "./names.js";
import type { Objects } from "./objects.js";

/** A writer that is still at work after this long is given up. */
const GRACE_MS = 24 * 3_600_000;

export interface Collected {
  /** Uploads that were aborted; their parts are gone. */
  readonly uploads: number;
  /** Objects of this package's own that were deleted. */
  readonly objects: number;
}

/** Uploads first: then a writer that slept can't complete one whose claim has gone to somebody else. */
export async function collectOrphans(objects: Objects, call: Call): Promise<Collected> {
  const uploads = await abortUploads(objects, Number.POSITIVE_INFINITY, call);
  const isOld = await ageCheck(objects, call);
  const counts = [
    await deleteThose(objects, CLAIMS, isOld, (names) => unusedClaims(objects, names, call), call),
    await deleteThose(objects, LONG_KEYS, isOld, (names) => unusedKeys(objects, names, call), call),
    await deleteThose(objects, PROBES, isOld, async (names) => names, call),
  ];
  return { uploads, objects: counts.reduce((sum, count) => sum + count, 0) };
}

/** Aborts uploads whose writers are gone, of at most this many pages. Resolves to how many. */
export async function abortUploads(objects: Objects, mostPages: number, call: Call): Promise<number> {
  const { requests, prefix } = objects;
  let count = 0;
  let markers: Readonly<Record<string, string>> = {};
  for (let pages = 0; pages < mostPages; pages++) {
    const query = { uploads: "", prefix, "encoding-type": "url", ...markers };
    const answer = await requests.send({ method: "GET", query }, call);
    if (!isOk(answer)) throw failureOf(answer, call);
    const now = timeOf(answer.header("date"));
    for (const xml of elementsOf(answer.text, "Upload")) {
      const name = decodeURIComponent(textOf(xml, "Key") ?? "").slice(prefix.length);
      const uploadId = textOf(xml, "UploadId");
      const begun = Date.parse(textOf(xml, "Initiated") ?? "");
      if (uploadId === undefined || !isOurs(name) || !(now - begun > GRACE_MS)) continue;
      const aborted = await objects.send({ method: "DELETE", name, query: { uploadId } }, call);
      if (!isOk(aborted) && aborted.code !== "NoSuchUpload") throw failureOf(aborted, call);
      count++;
    }
    if (textOf(answer.text, "IsTruncated") !== "true") break;
    const [key, id] = [textOf(answer.text, "NextKeyMarker"), textOf(answer.text, "NextUploadIdMarker")];
    markers = {
      ...(key !== undefined && { "key-marker": decodeURIComponent(key) }),
      ...(id !== undefined && { "upload-id-marker": id }),
    };
  }
  return count;
}

/** Goes by the bucket's clock, as its times do. */
async function ageCheck(objects: Objects, call: Call): Promise<(createdAt: number) => boolean> {
  const { header } = await objects.send({ method: "HEAD", name: PROBES }, call);
  const now = timeOf(header("date"));
  return (createdAt) => now - createdAt > GRACE_MS;
}

function timeOf(date: string | undefined): number {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? Date.now() : time;
}

/** Whether it is the name of an archive, or of a probe. */
function isOurs(name: string): boolean {
  if (name.startsWith(PROBES)) return true;
  try {
    keyOf(name);
    return true;
  } catch {
    return false;
  }
}

async function deleteThose(
  objects: Objects,
  folder: string,
  isOld: (createdAt: number) => boolean,
  unused: (names: readonly string[]) => Promise<readonly string[]>,
  call: Call,
): Promise<number> {
  let count = 0;
  const nameIn = ({ name }: ListedName): string => name.slice(folder.length);
  for await (const page of listNames(objects, folder, call)) {
    const old = page.filter(({ createdAt }) => isOld(createdAt)).map(nameIn);
    for (const name of old.length === 0 ? [] : await unused(old)) {
      await objects.delete(folder + name, call);
      count++;
    }
  }
  return count;
}

/**
 * Those that have no archive. Their archives have the same names, so a few pages of these leave little to be asked for one by one, where the
 * bucket lists in order.
 */
async function unusedClaims(objects: Objects, names: readonly string[], call: Call): Promise<readonly string[]> {
  const sorted = names.toSorted();
  const [first = "", last = ""] = [sorted[0], sorted.at(-1)];
  const used = new Set<string>();
  // All that comes before the first name and after one that is shorter.
  const after = first.slice(0, -1);
  let pages = 0;
  for await (const page of listNames(objects, "", call, { after })) {
    for (const { name } of page) used.add(name);
    if ((page.at(-1)?.name ?? last) >= last || ++pages === 10) break;
  }
  const unsure = names.filter((name) => !used.has(name));
  const found = await Promise.all(unsure.map((name) => objects.head(name, call)));
  return unsure.filter((_, n) => found[n] === undefined);
}

async function unusedKeys(objects: Objects, hashes: readonly string[], call: Call): Promise<readonly string[]> {
  const unused: string[] = [];
  for (const hash of hashes) {
    const key = await readLongKey(objects, hash, call).catch(() => undefined);
    if (key === undefined) continue;
    const answer = await objects.send({ method: "HEAD", name: (await nameOf(key)).name }, call);
    if (isAbsent(answer)) unused.push(hash);
  }
  return unused;
}
