import { type Bytes, concat } from "@session-archiver/core";
import { Option } from "commander";
import { countArgument, linesArgument, timeArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { documentOf } from "../exit.js";
import { jsonText } from "../output/text.js";
import { type SelectOneOptions, selectedOne, selectingOne } from "../select/selected.js";
import { keptOption } from "./kept-option.js";

interface CatOptions extends SelectOneOptions {
  readonly tail?: number;
  readonly since?: number;
  readonly lines?: { readonly from: number; readonly to: number | undefined };
  readonly kept?: number;
}

export const addCat: AddCommand = (program, action) => {
  selectingOne(program.command("cat"))
    .description("write a session's bytes to stdout, live or archived; to read it, see show")
    .addOption(new Option("--tail <n>", "only the last n lines").argParser(countArgument).conflicts(["lines", "since"]))
    .addOption(
      new Option("--lines <a:b>", "only lines a to b, counted from 1: 10:20, 10:, :20 or 10").argParser(linesArgument),
    )
    .addOption(
      new Option(
        "--since <time>",
        "everything from the first line of this time or later: 2026-01-31, 2026-01-31T18:00, 90m, 12h, 3d",
      )
        .argParser(timeArgument)
        .conflicts("lines"),
    )
    .addOption(keptOption())
    .action(action(cat, "read"));
};

async function cat(context: CommandContext, word: string | undefined, options: CatOptions): Promise<boolean> {
  const id = await selectedOne(context, word, options);
  const { output } = context;
  const bytes = chosen(context, id, options);
  if (output.json) return catAsJson(context, id, bytes);
  for await (const chunk of bytes) await output.raw(chunk);
  return true;
}

function chosen({ archiver, signal }: CommandContext, id: string, options: CatOptions): Bytes {
  const { tail, since, lines, kept: version } = options;
  if (since !== undefined) return archiver.since(id, since, { version, signal });
  if (tail !== undefined) return archiver.tail(id, tail, { version, signal });
  if (lines !== undefined) return archiver.lines(id, lines, { version, signal });
  return archiver.read(id, { version, signal });
}

/**
 * Prints one document in bounded memory: `{id, encoding: "base64", data, bytes}`. Text would not be exact, because the
 * bytes may be invalid UTF-8. If reading fails half-way, the document ends with an `error`.
 */
async function catAsJson({ output }: CommandContext, id: string, bytes: Bytes): Promise<boolean> {
  const iterator = base64Of(bytes);
  // An error at the start is reported like any other error.
  let next = await iterator.next();
  await output.raw(`{"id":${jsonText(id)},"encoding":"base64","data":"`);
  try {
    for (; !next.done; next = await iterator.next()) await output.raw(next.value);
  } catch (error) {
    await output.raw(`",${jsonText(documentOf(error)).slice(1)}\n`);
    throw error;
  }
  await output.raw(`","bytes":${next.value}}\n`);
  return true;
}

/** All bytes up to an error as chunks of base64; returns their number. */
async function* base64Of(bytes: Bytes): AsyncGenerator<string, number> {
  let total = 0;
  let rest: Uint8Array = new Uint8Array();
  try {
    for await (const chunk of bytes) {
      total += chunk.length;
      const whole = concat([rest, chunk]);
      const end = whole.length - (whole.length % 3);
      yield Buffer.from(whole.buffer, whole.byteOffset, end).toString("base64");
      rest = whole.slice(end);
    }
  } catch (error) {
    if (rest.length > 0) yield Buffer.from(rest).toString("base64");
    throw error;
  }
  yield Buffer.from(rest).toString("base64");
  return total;
}
