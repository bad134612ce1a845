import { inspect } from "node:util";
import { ArchiverError } from "@session-archiver/core";

/** `INVALID_ARGUMENT` unless `value` is a whole number in this range; `what` names it in the message. */
export function checkWhole(value: unknown, what: string, from: number, to: number): void {
  if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return;
  const message = `The ${what} must be a whole number from ${from} to ${to}, is ${inspect(value)}.`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
