import { ALONE } from "../at-once.js";
import type { AddCommand, CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { type SelectOptions, selected, selecting } from "../select/selected.js";
import { bytesOfEach, withByteProgress } from "./byte-progress.js";
import { forEachId } from "./each-id.js";

interface Options extends SelectOptions {
  readonly toStore?: true;
  readonly yes?: true;
}

/** One session in `restore --json`. Sizes in bytes. */
interface Restored {
  readonly id: string;
  readonly rawBytes: number;
  readonly archiveBytes: number;
  /** Where its files lie now; `null`: in live storage. */
  readonly files: readonly string[] | null;
}

export const addRestore: AddCommand = (program, action) => {
  selecting(program.command("restore"))
    .description("put archived sessions back where their agents read them, or else into live storage")
    .option(
      "--to-store",
      "into live storage, also if the session has places of an agent; `gc` deletes the archives later",
    )
    .option("--yes", "don't ask about places that were only found in an archive")
    .action(action(restore));
};

async function restore(context: CommandContext, words: string[], options: Options): Promise<boolean> {
  const { output } = context;
  const sessions = await selected(context, words, options, ["archived", "mirrored", "resumed"]);
  const ids = sessions.map(({ id }) => id);
  // Those are put back one by one: there may be a question to answer, and they may share files.
  const withPlaces = new Set<string>();
  const toPlaces = await placesFor(options);
  const expected = await bytesOfEach(context, ids, (info) => {
    if (toPlaces?.hasPlaces(info)) withPlaces.add(info.id);
    return info.rawBytes;
  });
  const weigh = (id: string): number => (withPlaces.has(id) ? ALONE : (expected.get(id) ?? ALONE));
  const { all, done, allWell } = await withByteProgress(context, "restore", new Map(expected), () =>
    forEachId(context, sessions, (id) => restoreOne(context, id, options), weigh),
  );
  const rows = done.map(({ id, rawBytes, files }) => [formatSize(rawBytes), files?.[0] ?? "live storage", id]);
  const columns = [
    { title: "RESTORED", alignment: "right" },
    { title: "TO", cut: "start" },
    { title: "ID", cut: "end" },
  ] as const;
  await output.result(all, () => (done.length > 0 ? formatTable(columns, rows, output.lineColumns) : ""));
  return allWell;
}

/** Loaded late, and only if it may be needed. */
async function placesFor({ toStore }: Options): Promise<typeof import("../folders/put-back.js") | undefined> {
  return toStore ? undefined : await import("../folders/put-back.js");
}

async function restoreOne(context: CommandContext, id: string, options: Options): Promise<Restored> {
  const { archiver, signal } = context;
  const { yes } = options;
  const toPlaces = await placesFor(options);
  const info = await archiver.info(id, { signal });
  if (!toPlaces?.hasPlaces(info)) {
    return { ...(await archiver.restore(id, { signal })), files: null };
  }
  const { rawBytes, files } = await toPlaces.putBack(context, info, { yes });
  return { id, rawBytes, archiveBytes: info.archiveBytes, files: files.map(({ location }) => location) };
}
