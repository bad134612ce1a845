/** Asks a person at a terminal before something is done for the first time, or that can't be seen to be right. */
import type { CommandContext } from "../command.js";
import { firstLine } from "../stdin.js";

type Asking = Pick<CommandContext, "output" | "stdin" | "terminal" | "signal">;

/** `false` also if nobody is there to be asked. */
export async function isConfirmed({ output, stdin, terminal, signal }: Asking, question: string): Promise<boolean> {
  if (!stdin || !terminal || output.json) return false;
  output.note(`${question} Type yes:`);
  return /^y(es)?$/i.test((await firstLine(stdin, signal)).trim());
}
