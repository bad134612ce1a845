/** Call it after a command that has deleted bytes: databases keep the space until they are compacted. */
import { failureOf, hasCode } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";

/** Space that can't be given back now is given back the next time, so this never fails the command. */
export async function giveSpaceBack({ stores, output, signal }: CommandContext): Promise<void> {
  try {
    const freed = await stores.reclaim({ signal });
    if (freed > 0) output.note(`${formatSize(freed)} of disk space given back.`);
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    output.note(`warning: disk space could not be given back: ${failureOf("", error).message}`);
  }
}
