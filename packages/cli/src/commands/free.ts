import type { AddCommand, AloneContext } from "../command.js";
import { advised, UNDO_ADVICE } from "../exit.js";
import { type IdOptions, takingIds } from "../ids.js";

interface Options extends IdOptions {
  readonly dryRun?: true;
  readonly freeAnywhere?: true;
  readonly yes?: true;
}

export const addFree: AddCommand = (program, action) => {
  takingIds(program.command("free"))
    .description("take away the files of mirrored sessions, whose archives hold all of their bytes")
    .option("--dry-run", "show what would be freed, change nothing")
    .option("--free-anywhere", "also on shared and synced file systems, and on untried systems")
    .option("--yes", "don't ask")
    .action(action.alone(free));
};

async function free(alone: AloneContext, words: string[], options: Options): Promise<number> {
  const { dryRun, freeAnywhere, yes } = options;
  const [{ sweepAgentFolders }, { wantedByIds }] = await Promise.all([
    import("../folders/sweep-folders.js"),
    import("../folders/wanted.js"),
  ]);
  const work = sweepAgentFolders(alone, {
    dryRun: dryRun === true,
    yes: yes === true,
    asksAlways: true,
    freesAnywhere: freeAnywhere === true,
    find: (context, host) => wantedByIds(context, host, words, options),
  });
  return dryRun ? work : advised(work, UNDO_ADVICE);
}
