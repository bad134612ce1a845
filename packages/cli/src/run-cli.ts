/** One run of the program, from words to exit code. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type ArchiverEvent, createArchiver, type Failure, failureOf } from "@session-archiver/core";
import type { Command } from "commander";
import { withIdsLast } from "./arguments.js";
import type { Access, ActionFor, CommandContext } from "./command.js";
import { EXIT, endingOf } from "./exit.js";
import type { CliIo } from "./io.js";
import { type Output, openOutput } from "./output/output.js";
import { isTerminal } from "./output/progress.js";
import { formatSize } from "./output/sizes.js";
import { createProgram, type GlobalOptions, valueFlags } from "./program.js";
import { openStores } from "./stores.js";

/**
 * Runs the command that `words` (without the program's own name) ask for. Never throws and never ends the process; the
 * exit code: 0 fine, 1 something failed, 2 wrong usage, 130 or 143 interrupted.
 */
export async function runCli(words: readonly string[], io: CliIo): Promise<number> {
  // Known before the parser has had its say, so that its own complaints come as JSON, too.
  const output = openOutput(io, words.slice(0, indexOrEnd(words, "--")).includes("--json"));
  let exitCode: number = EXIT.ok;
  const action: ActionFor =
    (work, access = "write") =>
    async (...given) => {
      const options = {
        ...program.opts<GlobalOptions>(),
        access: typeof access === "string" ? access : access(...given),
      };
      const allWell = await withContext(options, io, output, (context) => work(context, ...given));
      if (!allWell) exitCode = EXIT.failed;
    };
  const program: Command = createProgram(io, action);
  try {
    await program.parseAsync(withIdsLast(words, valueFlags(program)), { from: "user" });
    return exitCode;
  } catch (error) {
    return end(error, io, output);
  }
}

/** A session that was pruned is in use again, as its host has written to it. */
function revivedText({ id, from, lostBytes }: Extract<ArchiverEvent, { type: "revived" }>): string {
  const lost = from === "purged" ? `; the ${formatSize(lostBytes)} it held before are lost` : "";
  return `new output: ${id} was pruned, and is in use again${lost}`;
}

const NO_CATALOGUE =
  "warning: there are archives here, and a catalogue that knows no session: it was lost, or is not the one that belongs to them. Put a backup of it back before anything else. Until then nothing deletes these archives unless you ask `gc --unknown` to.";

function indexOrEnd(words: readonly string[], word: string): number {
  const index = words.indexOf(word);
  return index === -1 ? words.length : index;
}

async function end(error: unknown, io: CliIo, output: Output): Promise<number> {
  const ending = endingOf(error, io);
  for (const line of ending.lines) io.stderr.write(`${line}\n`);
  if (output.json && ending.document && !output.begun) {
    // Whoever was to read it may be gone by now; the exit code tells.
    await output.result(ending.document, "").catch(() => {});
  }
  return ending.exitCode;
}

async function withContext(
  options: GlobalOptions & { readonly access: Access },
  io: CliIo,
  output: Output,
  work: (context: CommandContext) => Promise<boolean>,
): Promise<boolean> {
  const { cwd, env, stdin, now = Date.now, signal = new AbortController().signal } = io;
  const unreadable: Failure[] = [];
  const onSkipped = (error: Error): void => {
    // A command may list more than once.
    if (unreadable.some(({ message }) => message === error.message)) return;
    unreadable.push(failureOf("", error));
    output.note(`failed: ${error.message}`);
  };
  const stores = await openStores({ ...options, cwd, env, onSkipped });
  let listener: Parameters<CommandContext["listen"]>[0] | undefined;
  const { objects, blobs, archives } = stores;
  const archiver = createArchiver({
    ...{ objects, blobs, archives },
    codec: zlibCodec(),
    now,
    onEvent(event) {
      if (event.type === "warning") output.note(`warning: ${event.message}`);
      else if (event.type === "revived") output.note(revivedText(event));
      else listener?.(event);
    },
  });
  try {
    if (await archiver.lacksCatalogue({ signal })) output.note(NO_CATALOGUE);
    const allWell = await work({
      archiver,
      stores,
      output,
      signal,
      stdin,
      terminal: [stdin, io.stderr].every((stream) => stream !== undefined && isTerminal(stream)),
      cwd,
      unreadable,
      now,
      listen(next) {
        listener = next;
      },
    });
    return allWell && unreadable.length === 0;
  } finally {
    await stores.close();
  }
}
