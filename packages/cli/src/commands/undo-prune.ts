import type { AddCommand, CommandContext } from "../command.js";
import { printable } from "../output/text.js";
import { type SelectOptions, selected, selecting } from "../select/selected.js";
import { forEachId, WEIGHS_NOTHING } from "./each-id.js";

export const addUndoPrune: AddCommand = (program, action) => {
  selecting(program.command("undo-prune"))
    .description("take a prune back while its grace period lasts")
    .action(action(undoPrune));
};

async function undoPrune(context: CommandContext, words: string[], options: SelectOptions): Promise<boolean> {
  const { archiver, output, signal } = context;
  const sessions = await selected(context, words, options, ["pruned"]);
  const undo = async (id: string): Promise<{ id: string; state: "archived" }> => {
    await archiver.undoPrune(id, { signal });
    return { id, state: "archived" };
  };
  const { all, done, allWell } = await forEachId(context, sessions, undo, WEIGHS_NOTHING);
  await output.result(all, done.map(({ id }) => `archived again: ${printable(id)}`).join("\n"));
  return allWell;
}
