/** A settled session in each state. */
import { jsonl, makeSession, type World, world } from "../support.js";

export const STATES = ["live", "archived", "resumed", "restored", "kept", "pruned", "purged"] as const;

export const TEXT: string = jsonl(3);
export const MORE = "more\n";

/** `kept`: restored, with the archive kept. */
export async function inState(state: (typeof STATES)[number]): Promise<World> {
  const w = world();
  await makeSession(w, "s", TEXT);
  if (state !== "live") await w.archiver.archive("s");
  if (state === "resumed") {
    const recorder = w.archiver.recorder("s");
    await recorder.append(MORE);
    await recorder.close();
  }
  if (state === "restored") await w.archiver.restore("s");
  if (state === "kept") await w.archiver.restore("s", { keepArchive: true });
  if (state === "pruned" || state === "purged") await w.archiver.pruneSession("s");
  if (state === "purged") await w.archiver.prune({ graceDays: 0 });
  return w;
}
