import type { AddCommand, AloneContext } from "../command.js";

interface Options {
  readonly dryRun?: true;
  readonly freeAnywhere?: true;
  readonly yes?: true;
}

export const addFree: AddCommand = (program, action) => {
  program
    .command("free")
    .description("take away the files of mirrored sessions, whose archives hold all of their bytes")
    .argument("<id...>", "ids as `list` shows them, or beginnings that only one id has")
    .option("--dry-run", "show what would be freed, change nothing")
    .option("--free-anywhere", "also on shared and synced file systems, and on untried systems")
    .option("--yes", "don't ask")
    .action(action.alone(free));
};

async function free(alone: AloneContext, words: string[], { dryRun, freeAnywhere, yes }: Options): Promise<number> {
  const [{ sweepAgentFolders }, { wantedByIds }] = await Promise.all([
    import("../folders/sweep-folders.js"),
    import("../folders/wanted.js"),
  ]);
  return sweepAgentFolders(alone, {
    dryRun: dryRun === true,
    yes: yes === true,
    asksAlways: true,
    freesAnywhere: freeAnywhere === true,
    find: (context, host) => wantedByIds(context, host, words),
  });
}
