import type { CatchUpReport } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { count, printable } from "../output/text.js";

export const addCatchUp: AddCommand = (program, action) => {
  program
    .command("catch-up")
    .description("let a catalogue that was set back go on: takes all its tombstones back")
    .action(action(catchUp));
};

async function catchUp({ archiver, output, signal }: CommandContext): Promise<boolean> {
  const report = await archiver.catchUp({ signal });
  await output.result(report, textOf(report));
  return true;
}

function textOf({ records, unpruned, pinned, givenUp }: CatchUpReport): string {
  if (records === 0) return "There was nothing to catch up with.";
  const gone = [...new Set(givenUp.map(({ id, change }) => `${change}: ${printable(id)}`))];
  return [
    `Caught up with ${count(records, "run record")}.`,
    ...unpruned.map((id) => `archived again: ${printable(id)}`),
    ...pinned.map((id) => `pinned ${printable(id)}`),
    ...(gone.length > 0 ? ["Of these, archives that this catalogue names may be gone:", ...gone] : []),
  ].join("\n");
}
