/** The hits in one session: its output, then its sidecars. */
import { type Archiver, failureOf, hasCode } from "@session-archiver/core";
import type { CompiledQuery } from "../query/compile.js";
import type { Hit } from "./hit.js";
import { hitMaker } from "./hit-maker.js";
import { searchFile } from "./search-file.js";
import type { Settings } from "./settings.js";
import type { SessionTally } from "./tally.js";

/** What goes wrong is noted in the tally and ends only the file in which it happens. Rejects if it is aborted. */
export async function* searchSession(
  archiver: Archiver,
  id: string,
  query: CompiledQuery,
  settings: Settings,
  tally: SessionTally,
): AsyncGenerator<Hit> {
  const { signal, perSession, firstOnly, snippetLength, context } = settings;
  const failed = (error: unknown): void => {
    if (hasCode(error, "ABORTED") || signal?.aborted) throw error;
    if (hasCode(error, "PRUNED")) tally.isPruned = true;
    else if (hasCode(error, "NOT_FOUND")) tally.isGone = true;
    else tally.failure ??= failureOf(id, error);
  };
  const onWarning = (error: Error): void => {
    tally.warning ??= failureOf(id, error);
  };
  const opened = await archiver.openFiles(id, { signal, onWarning }).catch(failed);
  if (!opened) return;
  let hits = 0;
  for (const file of opened.files) {
    const maker = hitMaker(() => opened.info, file.name, query, settings);
    try {
      for await (const hit of searchFile(file.scan(), { query, maker, snippetLength, context, tally })) {
        yield hit;
        if (++hits < perSession) continue;
        tally.isCut = !firstOnly;
        return;
      }
    } catch (error) {
      failed(error);
    }
  }
}
