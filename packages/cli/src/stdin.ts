/** Reads what is typed or piped in. */
import type { Readable } from "node:stream";
import { throwIfAborted } from "@session-archiver/core";
import { toFileError } from "./fs-errors.js";
import { UsageError } from "./usage-error.js";

/** All of stdin, cut at every `end`; empty parts are left out. */
export async function linesOf(
  stdin: Readable | undefined,
  end: "\n" | "\0",
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!stdin) throw new UsageError("There is no stdin to read ids from.");
  const text = await read(stdin, signal, () => false);
  return (end === "\n" ? text.split(/\r?\n/) : text.split(end)).filter((line) => line !== "");
}

/** The first line; discards what follows. */
export async function firstLine(stdin: Readable, signal: AbortSignal): Promise<string> {
  const text = await read(stdin, signal, (chunk) => chunk.includes("\n"));
  return text.split(/\r?\n/)[0] ?? "";
}

/** Reads to the end, or to a chunk that is enough. `ABORTED` by the signal, even while nothing arrives. */
async function read(stdin: Readable, signal: AbortSignal, isEnough: (chunk: Buffer) => boolean): Promise<string> {
  const chunks: Buffer[] = [];
  const stop = (): void => void stdin.destroy();
  throwIfAborted(signal);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const given of stdin) {
      const chunk = Buffer.from(given);
      chunks.push(chunk);
      if (isEnough(chunk)) break;
    }
  } catch (error) {
    throwIfAborted(signal);
    throw toFileError(error, "read stdin");
  } finally {
    signal.removeEventListener("abort", stop);
  }
  throwIfAborted(signal);
  return Buffer.concat(chunks).toString();
}
