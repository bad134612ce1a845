/** Whether records tell of live output that a session had in a catalogue that was lost. */
import type { Context } from "../../context.js";
import { keyTime, parseKey } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { archivedFiles, lastKeyOf, manifestKeyOf } from "../../session/archived-file.js";
import { updateMeta } from "../../session/commit.js";
import { KEY, OUTPUT, withKeys } from "../../session/metadata.js";
import { takeSnapshot } from "../../session/snapshot.js";
import type { SessionHistory } from "./history.js";

/**
 * Whether the session had live output beside an archive, or in its place. `output`, `manifest`: the archive's sink keys. The
 * archive that a record names may be gone by now, and this one be an earlier one that was kept.
 */
export function hadLive({ last, resumed }: SessionHistory, output: string, manifest: string | undefined): boolean {
  const keyBase = parseKey(output)?.keyBase;
  const madeAt = keyTime(output) ?? 0;
  const isThisOrLater = (key: string | undefined): boolean =>
    key !== undefined && (key === manifest || parseKey(key)?.keyBase === keyBase || (keyTime(key) ?? 0) > madeAt);
  return (last?.change === "restored" && isThisOrLater(last.archive)) || isThisOrLater(resumed?.archive);
}

/**
 * Notes it of a session that the catalogue has. `late`: what records say that the catalogue does not know, because it was
 * set back. Whether live output is missing.
 */
export async function noteLiveLost(
  ctx: Context,
  id: string,
  late: SessionHistory | undefined,
  op: OpOptions,
): Promise<boolean> {
  if (!late || (late.last?.change !== "restored" && !late.resumed)) return false;
  const { object, files } = await takeSnapshot(ctx, id, op);
  const output = archivedFiles(id, object.meta).find(({ name }) => name === OUTPUT);
  if (!output || files.some((state) => state.kind !== "archived")) return false;
  if (!hadLive(late, lastKeyOf(output), manifestKeyOf(id, object.meta))) return false;
  await updateMeta(ctx, id, (meta) => withKeys(meta, { [KEY.liveLostAt]: ctx.now() }), op);
  return true;
}
