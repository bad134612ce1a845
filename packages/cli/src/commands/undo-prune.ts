import type { AddCommand, CommandContext } from "../command.js";
import { printable } from "../output/text.js";
import { forEachId } from "./each-id.js";

export const addUndoPrune: AddCommand = (program, action) => {
  program
    .command("undo-prune")
    .description("take a prune back while its grace period lasts")
    .argument("<id...>", "ids, as `list` shows them")
    .action(action(undoPrune));
};

async function undoPrune(context: CommandContext, ids: string[]): Promise<boolean> {
  const { archiver, output, signal } = context;
  const { all, done, allWell } = await forEachId(context, ids, async (id) => {
    await archiver.undoPrune(id, { signal });
    return { id, state: "archived" as const };
  });
  await output.result(all, done.map(({ id }) => `archived again: ${printable(id)}`).join("\n"));
  return allWell;
}
