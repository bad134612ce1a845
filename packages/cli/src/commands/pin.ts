import type { AddCommand, Work } from "../command.js";
import { printable } from "../output/text.js";
import { forEachId } from "./each-id.js";

export const addPin: AddCommand = (program, action) => {
  program
    .command("pin")
    .description("keep sessions from being swept and pruned")
    .argument("<id...>", "ids, as `list` shows them")
    .action(action(pinning(true)));
  program
    .command("unpin")
    .description("take pins back")
    .argument("<id...>", "ids, as `list` shows them")
    .action(action(pinning(false)));
};

function pinning(pinned: boolean): Work<[ids: string[]]> {
  return async (context, ids) => {
    const { archiver, output, signal } = context;
    const { all, done, allWell } = await forEachId(context, ids, async (id) => {
      await archiver.pin(id, pinned, { signal });
      return { id, pinned };
    });
    await output.result(all, done.map(({ id }) => `${pinned ? "pinned" : "unpinned"} ${printable(id)}`).join("\n"));
    return allWell;
  };
}
