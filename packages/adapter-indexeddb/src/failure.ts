/** What IndexedDB fails with, as this project's error codes. */
import { ArchiverError, codeOf, type ErrorCode, type ErrorContext, hasCode } from "@session-archiver/core/adapter";
import { storageStatus } from "./storage.js";

/** What an operation is about, for its errors. */
export interface Attempt extends ErrorContext {
  /** Bytes it was to store. Reads leave it out. */
  readonly bytes?: number | undefined;
}

/** Names of the same thing: today's, and Firefox's, whose old ones speak of the device. */
const FULL = /quota|no_device_space/i;
const FULL_MESSAGE = /quota|full|space/i;
/** What browsers also throw near the limit, and on other occasions. */
const MAYBE_FULL = /^(Abort|InvalidState|Unknown|TransactionInactive)Error$/;
/** Part of the quota that counts as "near the limit". */
const NEAR = 0.05;

const MEANINGS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^Version/, "UNAVAILABLE", "The database was made by a newer version; update this one."],
  [/^Security/, "UNAVAILABLE", "The browser allows no storage here: cookies are blocked, or the frame is sandboxed."],
  [/^Constraint/, "CONFLICT", "Somebody else has stored this first; read it again."],
  [/^DataClone/, "INVALID_ARGUMENT", "This can't be stored."],
  [/^(NotReadable|NotFound|Data)Error/, "CORRUPT", "The browser can't read what it has stored. Restore a backup."],
];

/** The failure with one of our codes; one of ours, which has one, is passed through. */
export async function translate(error: unknown, attempt: Attempt): Promise<Error> {
  if (codeOf(error) !== undefined && error instanceof Error) return error;
  const { name, message } = described(error);
  const { bytes, ...context } = attempt;
  const failure = (code: ErrorCode, text: string): ArchiverError =>
    new ArchiverError(code, text, { ...context, cause: error });
  const isFull = FULL.test(name) || (name === "UnknownError" && FULL_MESSAGE.test(message));
  if (isFull || (bytes !== undefined && MAYBE_FULL.test(name))) {
    const { usageBytes, quotaBytes } = await storageStatus();
    const free = usageBytes === null || quotaBytes === null ? undefined : Math.max(0, quotaBytes - usageBytes);
    const isNear = free !== undefined && free < (bytes ?? 0) + (quotaBytes ?? 0) * NEAR;
    if (isFull || isNear) return failure("QUOTA", quotaMessage(bytes, free, quotaBytes));
  }
  const meaning = MEANINGS.find(([names]) => names.test(name));
  if (meaning) return failure(meaning[1], `${meaning[2]} (${name}: ${message})`);
  return failure("UNAVAILABLE", `The browser's storage failed: ${name}: ${message} Try again.`);
}

function quotaMessage(bytes: number | undefined, free: number | undefined, quota: number | null): string {
  const what = bytes ? `${bytes} more bytes` : "this change";
  const left = free === undefined ? "" : spaceLeft(bytes ?? 0, free, quota);
  return `There is no space for ${what}${left}. Nothing was changed. Prune or delete something, then try again.`;
}

/** Browsers that keep sites from measuring the disk estimate some gigabytes more than they allow. */
function spaceLeft(bytes: number, free: number, quota: number | null): string {
  return free > bytes
    ? `, although the browser estimates that ${free} bytes are free`
    : `: ${free} of ${quota} bytes are free`;
}

function described(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? error : { name: "Error", message: String(error) };
}

/** What `work` gives; `undefined`, and the error told, if that is `CORRUPT`: one bad row must not hide all others. */
export async function unlessCorrupt<T>(
  work: () => Promise<T>,
  onSkipped: (error: Error) => void,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !hasCode(error, "CORRUPT")) throw error;
    onSkipped(error);
    return undefined;
  }
}
