import { resolve } from "node:path";
import { ArchiverError, archivedFiles, type Bytes, OUTPUT, type SessionInfo } from "@session-archiver/core";
import { pathArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { UsageError } from "../exit.js";
import { checkedGzip, type Expected, gzipped } from "../export/gzip.js";
import { writeNewFile } from "../export/new-file.js";
import { namedSession } from "../ids.js";
import type { Progress } from "../output/progress.js";
import { formatSize } from "../output/sizes.js";
import { printable } from "../output/text.js";
import type { GlobalOptions } from "../program.js";
import { keptOption } from "./kept-option.js";

interface Options {
  readonly output?: string;
  readonly force?: true;
  readonly kept?: number;
}

/** What `export --json` tells. */
export interface Exported {
  readonly id: string;
  /** As given, or made from the id. */
  readonly path: string;
  readonly format: "jsonl" | "jsonl.gz";
  /** Whether the archive's bytes were taken as they are. */
  readonly copied: boolean;
  /** Bytes written. */
  readonly bytes: number;
}

const STDOUT = "-";

export const addExport: AddCommand = (program, action) => {
  program
    .command("export")
    .description("write a session into a file: .jsonl, or .jsonl.gz by its name")
    .argument("<id>", "id as `list` shows it, or a beginning that only this id has")
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

async function exportSession(context: CommandContext, word: string, options: Options): Promise<boolean> {
  const id = await namedSession(context, word);
  const { archiver, output, signal, cwd } = context;
  const reading = { version: options.kept, signal };
  if (options.output === STDOUT) {
    for await (const chunk of archiver.read(id, reading)) await output.raw(chunk);
    return true;
  }
  const info = await archiver.info(id, { signal });
  const kept = info.versions.find(({ version }) => version === options.kept);
  const path = options.output ?? fileNameOf(id);
  const isGzip = /\.gz$/i.test(path);
  const copied = isGzip && info.state === "archived" && options.kept === undefined;
  const total = copied ? expectedOf(info).storedBytes : (kept?.rawBytes ?? info.rawBytes);
  const written = await output.withProgress({ label: "export", total, unit: "bytes" }, (progress) => {
    const bytes = shown(copied ? archived(context, info) : archiver.read(id, reading), id, progress);
    return writeNewFile(resolve(cwd, path), isGzip && !copied ? gzipped(bytes) : bytes, {
      force: options.force ?? false,
    });
  });
  const result: Exported = { id, path, format: isGzip ? "jsonl.gz" : "jsonl", copied, bytes: written };
  await output.result(result, `${printable(path)}: ${formatSize(written)}`);
  return true;
}

async function* shown(bytes: Bytes, id: string, progress: Progress): Bytes {
  let done = 0;
  for await (const chunk of bytes) {
    done += chunk.length;
    progress.update(done, id);
    yield chunk;
  }
}

/** The last part of an id, without an agent's name, where that can be a file's name. */
function fileNameOf(id: string): string {
  const name = id.slice(id.lastIndexOf("/") + 1).replace(/^[a-z-]+:(?=.)/, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name !== "" && !/[\\:*?"<>|\x00-\x1f]/.test(name)) return `${name}.jsonl`;
  throw new ArchiverError("INVALID_ARGUMENT", `No file name can be made from the id "${id}": name one with -o.`, {
    id,
  });
}

/** The archive's bytes, checked on the way. */
function archived({ stores, signal }: CommandContext, info: SessionInfo): Bytes {
  const key = info.archivePath ?? "";
  return checkedGzip(stores.archives.read(key, undefined, { signal }), { ...expectedOf(info), key });
}

function expectedOf({ id, meta }: SessionInfo): Omit<Expected, "key"> {
  const file = archivedFiles(id, meta).find(({ name }) => name === OUTPUT);
  if (file) return file;
  throw new ArchiverError("NOT_FOUND", `The archive of session "${id}" holds no output.`, { id });
}
