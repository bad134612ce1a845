import type { SessionInfo } from "@session-archiver/core";
import { factsOf } from "@session-archiver/search";
import type { AddCommand, CommandContext } from "../command.js";
import type { SessionDetails } from "../documents.js";
import { detailsText } from "../output/details.js";
import { type SelectOptions, selected, selecting } from "../select/selected.js";
import { forEachId } from "./each-id.js";

export const addInfo: AddCommand = (program, action) => {
  selecting(program.command("info")).description("show all that is known of sessions").action(action(info, "read"));
};

async function info(context: CommandContext, words: string[], options: SelectOptions): Promise<boolean> {
  const sessions = await selected(context, words, options);
  const { all, done, allWell } = await forEachId(context, sessions, (id) => detailsOf(context, id));
  await context.output.result(all, done.map(detailsText).join("\n\n"));
  return allWell;
}

async function detailsOf({ archiver, signal }: CommandContext, id: string): Promise<SessionDetails> {
  const told = await archiver.info(id, { signal });
  const { archiveKey: _, aliases: __, meta, ...info } = told;
  const { live, archive, manifest, kept } = await archiver.files(id, { signal });
  const { isSubagent: ___, ...facts } = factsOf(told);
  return {
    ...facts,
    ...info,
    lostBytes: lostEarlier(told),
    ...{ live, archive, manifest, kept, meta },
  };
}

/** Raw bytes lost earlier. A purged session's own raw bytes are those of its last output, so they don't count. */
function lostEarlier({ lost, state, purgedAt, rawBytes }: SessionInfo): number | null {
  const isGone = state === "pruned" && purgedAt !== null;
  const bytes = (lost?.bytes ?? 0) - (isGone ? rawBytes : 0);
  return bytes > 0 ? bytes : null;
}
