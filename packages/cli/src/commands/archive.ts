import type { ArchiveResult } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { type SelectOptions, selected, selecting } from "../select/selected.js";
import { bytesOfEach, withByteProgress } from "./byte-progress.js";
import { forEachId } from "./each-id.js";
import { giveSpaceBack } from "./give-space-back.js";

interface ArchiveCommandOptions extends SelectOptions {
  readonly mendTimes?: boolean;
  readonly repack?: boolean;
}

export const addArchive: AddCommand = (program, action) => {
  selecting(program.command("archive"))
    .description("move sessions into the archive now, however recent they are")
    .option("--mend-times", "also correct manifests in which an earlier version noted wrong times")
    .option("--repack", "also merge archives that grew in several files into one file each")
    .action(action(archive));
};

/** What archiving does something for. */
const LACKING = ["live", "resumed"] as const;
const UNPRUNED = [...LACKING, "archived", "mirrored"] as const;

async function archive(context: CommandContext, words: string[], options: ArchiveCommandOptions): Promise<boolean> {
  const { archiver, output, signal } = context;
  const { mendTimes, repack } = options;
  const sessions = await selected(context, words, options, mendTimes || repack ? UNPRUNED : LACKING);
  const ids = sessions.map(({ id }) => id);
  const expected = await bytesOfEach(context, ids, ({ liveBytes }) => liveBytes);
  const { all, done, allWell } = await withByteProgress(context, "archive", expected, () =>
    forEachId(context, sessions, (id) => archiver.archive(id, { signal, mendTimes, repack })),
  );
  await giveSpaceBack(context);
  await output.result(all, () => (done.length > 0 ? tableOf(done) : ""));
  return allWell;
}

function tableOf(results: readonly ArchiveResult[]): Promise<string> {
  return formatTable(
    [
      { title: "OUTCOME" },
      { title: "RAW", alignment: "right" },
      { title: "STORED", alignment: "right" },
      { title: "ID" },
    ],
    results.map(({ id, outcome, rawBytes, archiveBytes }) => [
      outcome,
      formatSize(rawBytes),
      formatSize(archiveBytes),
      id,
    ]),
  );
}
