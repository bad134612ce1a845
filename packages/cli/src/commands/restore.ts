import type { AddCommand, CommandContext } from "../command.js";
import { type IdOptions, namedSessions, takingIds } from "../ids.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { bytesOfEach, withByteProgress } from "./byte-progress.js";
import { forEachId } from "./each-id.js";

export const addRestore: AddCommand = (program, action) => {
  takingIds(program.command("restore"))
    .description("bring archived sessions back into live storage; `gc` deletes their archives later")
    .action(action(restore));
};

async function restore(context: CommandContext, words: string[], options: IdOptions): Promise<boolean> {
  const { archiver, output, signal } = context;
  const sessions = await namedSessions(context, words, options);
  const ids = sessions.map(({ id }) => id);
  const expected = await bytesOfEach(context, ids, ({ rawBytes }) => rawBytes);
  const { all, done, allWell } = await withByteProgress(context, "restore", expected, () =>
    forEachId(context, sessions, (id) => archiver.restore(id, { signal })),
  );
  const rows = done.map(({ id, rawBytes }) => [formatSize(rawBytes), id]);
  const columns = [{ title: "RESTORED", alignment: "right" }, { title: "ID" }] as const;
  await output.result(all, () => (done.length > 0 ? formatTable(columns, rows) : ""));
  return allWell;
}
