import { resolve } from "node:path";
import { ArchiverError, type Progress } from "@session-archiver/core";
import { pathArgument } from "../arguments.js";
import type { AddCommand, CommandContext, GlobalOptions } from "../command.js";
import { writeNewFile } from "../export/new-file.js";
import { formatSize } from "../output/sizes.js";
import { printable } from "../output/text.js";
import { type SelectOneOptions, selectedOne, selectingOne } from "../select/selected.js";
import { UsageError } from "../usage-error.js";
import { keptOption } from "./kept-option.js";

interface Options extends SelectOneOptions {
  readonly output?: string;
  readonly force?: true;
  readonly kept?: number;
}

/** The document of `export --json`. */
export interface Exported {
  readonly id: string;
  /** As given, or made from the id. */
  readonly path: string;
  readonly format: "jsonl" | "jsonl.gz";
  /** Whether the archive's bytes were copied as they are. */
  readonly copied: boolean;
  /** Bytes written. */
  readonly bytes: number;
}

const STDOUT = "-";

export const addExport: AddCommand = (program, action) => {
  selectingOne(program.command("export"))
    .description("write a session into a file: .jsonl, or .jsonl.gz by its name")
    .option("-o, --output <file>", "the file, or - for stdout (default: <last part of the id>.jsonl)", pathArgument)
    .option("--force", "replace the file if it exists")
    .addOption(keptOption())
    .hook("preAction", (command) => {
      const { output } = command.opts<Options>();
      if (output === STDOUT && program.opts<GlobalOptions>().json) {
        throw new UsageError("-o - writes the session to stdout, where --json writes its document: use `cat --json`.");
      }
    })
    .action(action(exportSession, "read"));
};

async function exportSession(context: CommandContext, word: string | undefined, options: Options): Promise<boolean> {
  const id = await selectedOne(context, word, options);
  const { archiver, output, signal, cwd } = context;
  const reading = { version: options.kept, signal };
  if (options.output === STDOUT) {
    for await (const chunk of archiver.read(id, reading)) await output.raw(chunk);
    return true;
  }
  const path = options.output ?? fileNameOf(id);
  const isGzip = /\.gz$/i.test(path);
  let show = (_bytes: number): void => {};
  const onProgress = ({ bytes }: Progress): void => show(bytes);
  const exported = await archiver.export(id, { ...reading, as: isGzip ? "gzip" : "jsonl", onProgress });
  // Progress of a compressing export is counted in raw bytes.
  const total = exported.size ?? (await archiver.info(id, { signal })).rawBytes;
  const written = await output.withProgress({ label: "export", total, unit: "bytes" }, (progress) => {
    show = (bytes) => progress.update(bytes, id);
    return writeNewFile(resolve(cwd, path), exported.bytes, { force: options.force ?? false });
  });
  const { copied } = exported;
  const result: Exported = { id, path, format: isGzip ? "jsonl.gz" : "jsonl", copied, bytes: written };
  await output.result(result, `${printable(path)}: ${formatSize(written)}`);
  return true;
}

/** The last part of an id, without an agent's name, if that can be a file name. */
function fileNameOf(id: string): string {
  const name = id.slice(id.lastIndexOf("/") + 1).replace(/^[a-z-]+:(?=.)/, "");
  if (name !== "" && !/[\\:*?"<>|]/.test(name) && printable(name) === name) return `${name}.jsonl`;
  throw new ArchiverError("INVALID_ARGUMENT", `No file name can be made from the id "${id}": name one with -o.`, {
    id,
  });
}
