/** Notes archives that hold other bytes than the session's output, so that they can be read as its versions. */
import type { Context } from "../../context.js";
import { lastKey } from "../../format/parts.js";
import type { Json, Meta, OpOptions } from "../../ports.js";
import { lastKeyOf } from "../../session/archived-file.js";
import { KEY, OUTPUT, recordIn, withKeys } from "../../session/metadata.js";
import { keptOutputs, storedOutput } from "../../session/versions.js";
import { archivedAtOf, recordOf } from "./archive-record.js";
import type { Found } from "./found.js";
import type { FoundFile } from "./open-found.js";

/** In the metadata's form; see `session/versions.ts`. The shortest comes first. */
export async function versionsOf(
  ctx: Context,
  id: string,
  base: Meta,
  found: Found,
  files: readonly FoundFile[],
  op: OpOptions,
): Promise<readonly Json[]> {
  const versions: Json[] = [];
  for (const { index } of files.toReversed()) {
    const naming = found.manifests
      .toReversed()
      .filter(({ manifest }) =>
        manifest.files.some((said) => said.name === OUTPUT && lastKey(said) === lastKey(index)),
      );
    const right = (await Promise.all(naming.map((one) => found.isRight(one)))).indexOf(true);
    const at = naming[0] ? archivedAtOf(naming[0]) : ctx.now();
    const entry = { name: OUTPUT, index, told: undefined };
    const record = await recordOf(ctx, id, base, [entry], naming[right], at, op);
    const [file] = record.files;
    versions.push(withKeys({}, { replacedAt: at, ...storedOutput(file, record.manifestKey, record.manifestCrc32) }));
  }
  return versions;
}

/** Versions that were kept before. One whose manifest is lost or wrong gets a new one; one that is lost itself stays. */
export async function mendedVersions(
  ctx: Context,
  id: string,
  base: Meta,
  found: Found,
  versions: readonly Json[],
  op: OpOptions,
): Promise<readonly Json[]> {
  const mended: Json[] = [];
  for (const version of versions) {
    const [kept] = keptOutputs({ [KEY.versions]: [version] });
    const file = kept && (await found.upTo(lastKeyOf(kept)));
    const isIt = file?.index.crc32 === kept?.crc32 && file?.index.rawBytes === kept?.rawBytes;
    const manifest = found.manifests.find(
      ({ key, crc32 }) => key === kept?.manifestKey && crc32 === (kept.manifestCrc32 ?? crc32),
    );
    if (!file || !isIt || (manifest && (await found.isRight(manifest)))) {
      mended.push(version);
      continue;
    }
    const made = recordIn((await versionsOf(ctx, id, base, found, [file], op))[0]) ?? {};
    // The same bytes may have been found in other parts than those that it named.
    mended.push({ ...made, replacedAt: kept?.replacedAt ?? null });
  }
  return mended;
}
