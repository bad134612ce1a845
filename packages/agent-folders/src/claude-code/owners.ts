/** Whose the files are whose names don't say it: their first lines do. Read once, then known. */
import type { Files } from "../files.js";
import { inParallel, READS_AT_ONCE } from "../parallel.js";
import { identityIn } from "../read/head.js";
import type { LeftOut, Root, ScanOptions } from "../source.js";
import type { WalkedFile } from "../walk/walk.js";
import { AGENT, partsOf, stemOf } from "./names.js";
import type { ProjectTree } from "./tree.js";

/** Lines can name any text. */
const LONGEST_ID = 200;

export interface Owned {
  /** Old subagents, by the `<slug>/<uuid>` of the session that they belong to. */
  readonly subagents: ReadonlyMap<string, readonly WalkedFile[]>;
  /** Files that are a session of their own. */
  readonly lone: readonly { readonly file: WalkedFile; readonly nativeId: string }[];
  readonly leftOut: readonly LeftOut[];
}

export async function whoseAreThey(
  root: Root,
  files: Files,
  { sessions, subagents, unnamed }: ProjectTree,
  options: ScanOptions,
): Promise<Owned> {
  const owned = new Map<string, WalkedFile[]>();
  const lone: { readonly file: WalkedFile; readonly nativeId: string }[] = [];
  const leftOut: LeftOut[] = [];
  const elsewhere = onlyPlaces(sessions.keys());
  const all = [...subagents, ...unnamed];
  const natives = await inParallel(READS_AT_ONCE, all, (file) => nativeIdOf(root, files, file, options), options);
  for (const [index, file] of all.entries()) {
    const native = natives[index];
    if (native === "unreadable" || native === "not a session") {
      leftOut.push({ root: root.name, path: file.path, reason: native });
      continue;
    }
    if (native === undefined) continue;
    const parts = partsOf(file.path);
    const isSubagent = index < subagents.length;
    const [uuid = ""] = native.split("/");
    const beside = `${parts?.slug}/${uuid}`;
    const key = sessions.has(beside) ? beside : elsewhere.get(uuid);
    if (isSubagent && key !== undefined) push(owned, key, file);
    // Never under the id of its session: that one may come back.
    else lone.push({ file, nativeId: isSubagent ? `${uuid}/${stemOf(parts?.name ?? "")}` : native });
  }
  return { subagents: owned, lone, leftOut };
}

/** `<uuid>`, or `<uuid>/agent-<id>` for a subagent. */
async function nativeIdOf(
  root: Root,
  files: Files,
  { path, look }: WalkedFile,
  options: ScanOptions,
): Promise<string | undefined> {
  const known = options.known(root.name, path, look);
  if (known) return known.nativeId;
  const identity = await identityIn(files, `${root.path}/${path}`, options);
  if (identity === undefined || identity === "unreadable") return identity;
  const { kind, nativeId = "" } = identity;
  return kind === AGENT && nativeId !== "" && nativeId.length <= LONGEST_ID ? nativeId : "not a session";
}

function push<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}

/** Of each session that lies in one project folder only: where. */
function onlyPlaces(keys: Iterable<string>): ReadonlyMap<string, string> {
  const places = new Map<string, string | undefined>();
  for (const key of keys) {
    const uuid = key.slice(key.indexOf("/") + 1);
    places.set(uuid, places.has(uuid) ? undefined : key);
  }
  return new Map([...places].flatMap(([uuid, key]) => (key === undefined ? [] : [[uuid, key]])));
}
