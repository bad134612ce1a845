/** Chooses of a session's archives the one that is its output now, and those that are kept as versions. */
import type { Context } from "../../context.js";
import { keyTime, parseKey } from "../../format/keys.js";
import { lastKey } from "../../format/parts.js";
import type { ArchiveInfo, Json, Meta, OpOptions } from "../../ports.js";
import { namedKeys } from "../../session/archive-keys.js";
import { partsIn } from "../../session/archived-file.js";
import { KEY, OUTPUT, recordIn } from "../../session/metadata.js";
import type { Found, FoundManifest } from "./found.js";
import type { SessionHistory } from "./history.js";
import type { FoundFile } from "./open-found.js";
import { beginningsOf, maximalOf } from "./prefixes.js";

export interface Chosen {
  readonly output: FoundFile;
  /** Names the output, and is right in all that it says of its files. */
  readonly manifest: FoundManifest | undefined;
  /** The manifest that tells the most about the session, right or not. */
  readonly told: FoundManifest | undefined;
  /** Archives that hold other bytes than the output does. */
  readonly others: readonly FoundFile[];
  /** Versions that were kept before, as a manifest lists them. */
  readonly versions: readonly Json[];
  /** Whether the output was given up, when its bytes were brought back into live storage. */
  readonly wasReplaced: boolean;
}

/** `undefined` if no output is left: all of them were given up, or nothing can be known of them. */
export async function choose(
  ctx: Context,
  id: string,
  infos: readonly ArchiveInfo[],
  found: Found,
  { replaced, purged }: Pick<SessionHistory, "replaced" | "purged">,
  op: OpOptions,
): Promise<Chosen | undefined> {
  // By the times in the keys: a copied sink has times of its own.
  const begun = ({ key }: ArchiveInfo): number => keyTime(key) ?? 0;
  const newestFirst = infos.toSorted((a, b) => begun(b) - begun(a) || (a.key < b.key ? 1 : -1));
  const keys = newestFirst.map(({ key }) => key).filter((key) => parseKey(key)?.kind === "output");
  const versions = versionsIn(found, purged?.meta);
  const kept = new Set(versions.flatMap(pathsOf));
  // What a purge left beside its tombstone was not the output then, and is not now.
  const left = new Set(purged?.meta ? namedKeys(id, purged.meta) : []);
  const current = keys.filter((key) => !kept.has(key) && !left.has(key));
  // Those that were given up for live bytes come last, so that of equal ones another is taken.
  const opened = await openAll(found, [
    ...current.filter((key) => !replaced.has(key)),
    ...current.filter((key) => replaced.has(key)),
  ]);
  const versionsOnly = opened.length > 0 ? [] : keys.filter((key) => kept.has(key) && !left.has(key));
  const last = await openAll(found, versionsOnly.slice(0, 1));
  const maximal = await maximalOf(ctx, [...opened, ...last], op);
  const output = newestOf(maximal, keys);
  if (!output) return undefined;
  const naming = found.manifests.toReversed().filter((one) => nameOf(one, output.key) === OUTPUT);
  return {
    output,
    manifest: await firstRight(found, naming),
    told: naming[0] ?? found.manifests.at(-1),
    others: await notKept(
      ctx,
      maximal.filter((file) => file !== output),
      await openAll(found, maximal.length > 1 ? [...kept] : []),
      op,
    ),
    versions: versions.filter((version) => pathsOf(version).at(-1) !== output.key),
    wasReplaced: replaced.has(output.key),
  };
}

/** Those that hold something which no kept version begins with. */
async function notKept(
  ctx: Context,
  files: readonly FoundFile[],
  kept: readonly FoundFile[],
  op: OpOptions,
): Promise<readonly FoundFile[]> {
  const held = new Set<FoundFile>();
  for (const version of kept) for (const file of await beginningsOf(ctx, version, files, op)) held.add(file);
  return files.filter((file) => !held.has(file));
}

async function openAll(found: Found, keys: readonly string[]): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  for (const key of keys) {
    const file = await found.file(key);
    if (file) files.push(file);
  }
  return files;
}

/** Whole ones first. `keys`: newest first. */
function newestOf(files: readonly FoundFile[], keys: readonly string[]): FoundFile | undefined {
  const byAge = files.toSorted((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
  return byAge.find(({ isWhole }) => isWhole) ?? byAge[0];
}

async function firstRight(found: Found, manifests: readonly FoundManifest[]): Promise<FoundManifest | undefined> {
  for (const one of manifests) if (await found.isRight(one)) return one;
  return undefined;
}

function nameOf({ manifest }: FoundManifest, key: string): string | undefined {
  return manifest.files.find((file) => lastKey(file) === key)?.name;
}

/** The longest list of kept versions in any manifest, or in what a purge has left: versions are only ever added. */
function versionsIn({ manifests }: Found, purged: Meta | undefined): readonly Json[] {
  const lists = [...manifests.map(({ manifest }) => manifest.meta), purged ?? {}].map((meta) => meta[KEY.versions]);
  const longest = lists.reduce<readonly Json[]>(
    (most, list) => (Array.isArray(list) && list.length > most.length ? list : most),
    [],
  );
  return longest;
}

/** The keys of its archive files, in order. */
function pathsOf(version: Json): readonly string[] {
  const { path, parts } = recordIn(version) ?? {};
  return partsIn(parts)?.map(({ key }) => key) ?? (typeof path === "string" ? [path] : []);
}
