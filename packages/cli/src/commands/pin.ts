import type { AddCommand, CommandContext, Work } from "../command.js";
import type { Named } from "../ids.js";
import { subagentsOf } from "../import/subagents.js";
import { printable } from "../output/text.js";
import { type SelectOptions, selected, selecting } from "../select/selected.js";
import { forEachId, WEIGHS_NOTHING } from "./each-id.js";

export const addPin: AddCommand = (program, action) => {
  selecting(program.command("pin"))
    .description("keep sessions, and their subagents', from being swept and pruned")
    .action(action(pinning(true)));
  selecting(program.command("unpin"))
    .description("take pins back, of subagents' sessions too")
    .action(action(pinning(false)));
};

function pinning(pinned: boolean): Work<[words: string[], options: SelectOptions]> {
  return async (context, words, options) => {
    const { archiver, output, signal } = context;
    const sessions = await selected(context, words, options);
    const pin = async (id: string): Promise<{ id: string; pinned: boolean }> => {
      await archiver.pin(id, pinned, { signal });
      return { id, pinned };
    };
    // A session without its subagents would be half a session.
    const withSubagents = await Promise.all(sessions.map((named) => andSubagents(context, named)));
    const { all, done, allWell } = await forEachId(context, withoutRepeats(withSubagents.flat()), pin, WEIGHS_NOTHING);
    const told = sessions.length > 0 && all.length > new Set(sessions.map(({ id }) => id)).size;
    if (told) output.note(`${pinned ? "pinned" : "unpinned"} subagents' sessions with the ones that called them`);
    await output.result(all, done.map(({ id }) => `${pinned ? "pinned" : "unpinned"} ${printable(id)}`).join("\n"));
    return allWell;
  };
}

async function andSubagents(context: CommandContext, named: Named): Promise<readonly Named[]> {
  if (named.missing) return [named];
  return [named, ...(await subagentsOf(context, named.id)).map((id) => ({ id }))];
}

function withoutRepeats(sessions: readonly Named[]): readonly Named[] {
  return [...new Map(sessions.map((named) => [named.id, named])).values()];
}
