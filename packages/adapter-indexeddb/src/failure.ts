/** What IndexedDB fails with, as this project's error codes. */
import { ArchiverError, codeOf, type ErrorCode } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { storageStatus } from "./storage.js";

/** Names of the same thing: today's, and Firefox's, whose old ones speak of the device. */
const FULL = /quota|no_device_space/i;
const FULL_MESSAGE = /quota|full|space/i;
/** What browsers also throw near the limit, and on other occasions. */
const MAYBE_FULL = /^(Abort|InvalidState|Unknown|TransactionInactive)Error$/;
/** Part of the quota that counts as "near the limit". */
const NEAR = 0.05;

type Meaning = readonly [RegExp, ErrorCode, string];
const MEANINGS: readonly Meaning[] = [
  [/^Version/, "UNAVAILABLE", "The database was made by a newer version; update this one."],
  [/^Security/, "UNAVAILABLE", "The browser allows no storage here: cookies are blocked, or the frame is sandboxed."],
  [/^Constraint/, "CONFLICT", "Somebody else has stored this first; read it again."],
  [/^DataClone/, "INVALID_ARGUMENT", "This can't be stored."],
  [/^(NotReadable|NotFound|Data)Error/, "CORRUPT", "The browser can't read what it has stored. Restore a backup."],
];
const UNKNOWN: Meaning = [/^/, "UNAVAILABLE", "The browser's storage failed. Try again."];

/** The failure with one of our error codes. An error that has a code already is passed through. */
export async function translate(error: unknown, call: Call): Promise<Error> {
  if (codeOf(error) !== undefined && error instanceof Error) return error;
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  const failure = (code: ErrorCode, text: string): ArchiverError =>
    new ArchiverError(code, text, { ...call, cause: error });
  const isFull = FULL.test(name) || (name === "UnknownError" && FULL_MESSAGE.test(message));
  if (isFull || (call.bytes !== undefined && MAYBE_FULL.test(name))) {
    const { usageBytes, quotaBytes } = await storageStatus();
    const bytes = call.bytes ?? 0;
    const quota = quotaBytes ?? Number.NaN;
    const free = Math.max(0, quota - (usageBytes ?? Number.NaN));
    // Not if either is unknown.
    const isNear = free < bytes + quota * NEAR;
    if (isFull || isNear) return failure("QUOTA", quotaMessage(bytes, free, quota));
  }
  const [, code, text] = MEANINGS.find(([names]) => names.test(name)) ?? UNKNOWN;
  return failure(code, `${text} (${name}: ${message})`);
}

function quotaMessage(bytes: number, free: number, quota: number): string {
  const what = bytes > 0 ? `${bytes} more bytes` : "this change";
  const left = Number.isNaN(free) ? "" : spaceLeft(bytes, free, quota);
  return `There is no space for ${what}${left}. Nothing was changed. Prune or delete something, then try again.`;
}

/** Browsers that keep sites from measuring the disk estimate some gigabytes more than they allow. */
function spaceLeft(bytes: number, free: number, quota: number): string {
  return free > bytes
    ? `, although the browser estimates that ${free} bytes are free`
    : `: ${free} of ${quota} bytes are free`;
}
