/** Lets errors cross between page and worker with their code; by default Comlink doesn't send it. */
import { ArchiverError, codeOf, toArchiverError } from "@session-archiver/core";
import { transferHandlers } from "comlink";

/** An `ArchiverError` as it is sent, without its cause, which can be any value. */
interface SentError {
  readonly code: ArchiverError["code"];
  readonly message: string;
  readonly id: string | undefined;
  readonly key: string | undefined;
  readonly stack: string | undefined;
}

/** Call it once on each side, before the first call. An error that isn't an `ArchiverError` arrives as `UNAVAILABLE`. */
export function sendErrorsWithCode(): void {
  const original = transferHandlers.get("throw");
  if (!original) throw new Error("Comlink has no handler for errors.");
  transferHandlers.set("throw", {
    canHandle: original.canHandle,
    serialize: (thrown: { readonly value: unknown }) => [packError(thrown.value), []],
    deserialize: (sent: SentError) => {
      throw unpackError(sent);
    },
  });
}

export function packError(value: unknown): SentError {
  const error = toArchiverError(value) as ArchiverError;
  const text = (part: unknown): string | undefined => (typeof part === "string" ? part : undefined);
  return {
    code: codeOf(error) ?? "UNAVAILABLE",
    message: error.message,
    id: text(error.id),
    key: text(error.key),
    stack: text((value as Error | undefined)?.stack),
  };
}

export function unpackError({ code, message, id, key, stack }: SentError): ArchiverError {
  const error = new ArchiverError(code, message, { id, key });
  if (stack !== undefined) error.stack = stack;
  return error;
}
