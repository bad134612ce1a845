import type { AddCommand, Work } from "../command.js";
import { type IdOptions, namedSessions, takingIds } from "../ids.js";
import { printable } from "../output/text.js";
import { forEachId, MANY } from "./each-id.js";

export const addPin: AddCommand = (program, action) => {
  takingIds(program.command("pin"))
    .description("keep sessions from being swept and pruned")
    .action(action(pinning(true)));
  takingIds(program.command("unpin"))
    .description("take pins back")
    .action(action(pinning(false)));
};

function pinning(pinned: boolean): Work<[words: string[], options: IdOptions]> {
  return async (context, words, options) => {
    const { archiver, output, signal } = context;
    const sessions = await namedSessions(context, words, options);
    const pin = async (id: string): Promise<{ id: string; pinned: boolean }> => {
      await archiver.pin(id, pinned, { signal });
      return { id, pinned };
    };
    const { all, done, allWell } = await forEachId(context, sessions, pin, MANY);
    await output.result(all, done.map(({ id }) => `${pinned ? "pinned" : "unpinned"} ${printable(id)}`).join("\n"));
    return allWell;
  };
}
