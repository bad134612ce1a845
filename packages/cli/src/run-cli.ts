/** One run of the program, from words to exit code. */
import type { Command } from "commander";
import { withIdsLast } from "./arguments.js";
import type { ActionFor, AloneContext, GlobalOptions, Work } from "./command.js";
import { EXIT, endingOf } from "./exit.js";
import type { CliIo } from "./io.js";
import { type Output, openOutput } from "./output/output.js";
import { createProgram, valueFlags } from "./program.js";
import type { Access } from "./stores/open.js";

const doNothing = () => async (): Promise<void> => {};
const IDLE: ActionFor = Object.assign(doNothing, { alone: doNothing });

/**
 * Runs the command in `words` (without the program's own name). Never throws and never ends the process. Resolves to
 * the exit code: 0 fine, 1 something failed, 2 wrong usage, 3 mended, 4 not done without a yes, 130 or 143 interrupted.
 */
export async function runCli(words: readonly string[], io: CliIo): Promise<number> {
  // Decided before parsing, so that the parser's own errors are JSON, too.
  const flags = words.slice(0, indexOrEnd(words, "--"));
  const isJson = flags.some(
    (word, i) => /^--(json|format=json)$/.test(word) || (word === "json" && flags[i - 1] === "--format"),
  );
  let program: Command | undefined;
  const output = openOutput(io, isJson, () => program?.opts<GlobalOptions>() ?? {});
  let exitCode: number = EXIT.ok;
  try {
    const opening =
      <Given extends unknown[]>(work: Work<Given>, access: Access | ((...given: Given) => Access) = "write") =>
      async (...given: Given): Promise<void> => {
        // Stores, archiver and codec are most of the program; usage errors, help and version don't load them.
        const { withContext } = await import("./with-context.js");
        const options = {
          ...program?.opts<GlobalOptions>(),
          access: typeof access === "string" ? access : access(...given),
        };
        const allWell = await withContext(options, io, output, (context) => work(context, ...given));
        if (!allWell) exitCode = EXIT.failed;
      };
    const action: ActionFor = Object.assign(opening, {
      alone:
        <Given extends unknown[]>(work: (context: AloneContext, ...given: Given) => Promise<number>) =>
        async (...given: Given): Promise<void> => {
          const programFor: AloneContext["programFor"] = (others) => createProgram(io, others, IDLE);
          exitCode = await work({ options: program?.opts<GlobalOptions>() ?? {}, io, output, programFor }, ...given);
        },
    });
    program = await createProgram(io, words, action);
    await program.parseAsync(withIdsLast(words, valueFlags(program)), { from: "user" });
    return exitCode;
  } catch (error) {
    return end(error, io, output);
  }
}

function indexOrEnd(words: readonly string[], word: string): number {
  const index = words.indexOf(word);
  return index === -1 ? words.length : index;
}

async function end(error: unknown, io: CliIo, output: Output): Promise<number> {
  const ending = endingOf(error, io);
  for (const line of ending.lines) io.stderr.write(`${line}\n`);
  if (output.json && ending.document && !output.begun) {
    // The reader may be gone by now; the exit code says enough.
    await output.result(ending.document, "").catch(() => {});
  }
  return ending.exitCode;
}
