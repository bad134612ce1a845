/** Chooses of a session's archives the one that is its output now, and those that are kept as versions. */
import type { Context } from "../../context.js";
import { parseKey } from "../../format/keys.js";
import type { ArchiveInfo, Json, OpOptions } from "../../ports.js";
import { KEY, OUTPUT, recordIn, stringAt } from "../../session/metadata.js";
import type { Found, FoundFile, FoundManifest } from "./found.js";
import { isGone, type SessionHistory } from "./history.js";
import { maximalOf } from "./prefixes.js";

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
  /** Whether the only archives left were given up, when their bytes were brought back into live storage. */
  readonly wasReplaced: boolean;
}

/** `undefined` if no output is left: all of them were given up, or nothing can be known of them. */
export async function choose(
  ctx: Context,
  infos: readonly ArchiveInfo[],
  found: Found,
  history: SessionHistory,
  op: OpOptions,
): Promise<Chosen | undefined> {
  const newestFirst = infos.toSorted((a, b) => b.createdAt - a.createdAt || (a.key < b.key ? 1 : -1));
  const keys = newestFirst
    .map(({ key }) => key)
    .filter((key) => parseKey(key)?.kind === "output" && !isGone(history, key));
  const { replaced } = history;
  const versions = versionsIn(found);
  const kept = new Set(versions.map(pathOf));
  const current = keys.filter((key) => !kept.has(key));
  const opened = await openAll(
    found,
    current.filter((key) => !replaced.has(key)),
  );
  const second =
    opened.length > 0
      ? []
      : await openAll(
          found,
          current.filter((key) => replaced.has(key)),
        );
  const last =
    opened.length + second.length > 0 ? [] : await openAll(found, keys.filter((key) => kept.has(key)).slice(0, 1));
  const maximal = await maximalOf(ctx, [...opened, ...second, ...last], op);
  const output = newestOf(maximal, keys);
  if (!output) return undefined;
  const naming = found.manifests.toReversed().filter((one) => nameOf(one, output.key) === OUTPUT);
  return {
    output,
    manifest: await firstRight(found, naming),
    told: naming[0] ?? found.manifests.at(-1),
    others: maximal.filter((file) => file !== output),
    versions: versions.filter((version) => pathOf(version) !== output.key),
    wasReplaced: second.length > 0,
  };
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
  return manifest.files.find((file) => file.key === key)?.name;
}

/** The longest list of kept versions in any manifest: versions are only ever added. */
function versionsIn({ manifests }: Found): readonly Json[] {
  const lists = manifests.map(({ manifest }) => manifest.meta[KEY.versions]);
  const longest = lists.reduce<readonly Json[]>(
    (most, list) => (Array.isArray(list) && list.length > most.length ? list : most),
    [],
  );
  return longest;
}

function pathOf(version: Json): string | undefined {
  return stringAt(recordIn(version) ?? {}, "path");
}
