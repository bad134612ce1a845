/** Whether records tell of live output that a session had in a catalogue that was lost. */
import type { Context } from "../../context.js";
import { parseKey } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { archivedFiles } from "../../session/archived-file.js";
import { updateMeta } from "../../session/commit.js";
import { KEY, withKeys } from "../../session/metadata.js";
import { takeSnapshot } from "../../session/snapshot.js";
import type { SessionHistory } from "./history.js";

/** Whether the session had live output beside this archive, or in its place. `archive`: keys of its files or manifest. */
export function hadLive({ last, resumed }: SessionHistory, archive: readonly (string | undefined)[]): boolean {
  const bases = archive.map((key) => key && parseKey(key)?.keyBase);
  const isThis = (key: string | undefined): boolean =>
    key !== undefined && (archive.includes(key) || bases.includes(parseKey(key)?.keyBase));
  return (last?.change === "restored" && isThis(last.archive)) || isThis(resumed?.archive);
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
  const keys = archivedFiles(id, object.meta).map(({ archiveKey }) => archiveKey);
  if (files.some((state) => state.kind !== "archived") || !hadLive(late, keys)) return false;
  await updateMeta(ctx, id, (meta) => withKeys(meta, { [KEY.liveLostAt]: ctx.now() }), op);
  return true;
}
