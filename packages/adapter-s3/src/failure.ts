/** S3's refusals as this project's error codes. */
import { ArchiverError, type ErrorCode } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Answer } from "./http/answer.js";
import { textOf } from "./http/xml.js";

/**
 * Only those have another code than `UNAVAILABLE` after which the request has surely changed nothing, and that a second try won't mend.
 */
export function failureOf(answer: Answer, { key }: Call): ArchiverError {
  const code = answer.code ?? codeOfStatus(answer.status);
  const said = textOf(answer.text, "Message");
  const region = answer.header("x-amz-bucket-region");
  const what = said ? `${code}: ${said}` : `${code} (status ${answer.status})`;
  const advice = region && answer.status >= 300 && answer.status < 400 ? inRegion(region) : ADVICE[code];
  const message = advice === undefined ? `The bucket answers ${what}` : `${what.replace(/\.$/, "")}; ${advice}`;
  return new ArchiverError(CODES[code] ?? "UNAVAILABLE", message, { key });
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  QuotaExceeded: "QUOTA",
  XMinioStorageFull: "QUOTA",
  EntityTooLarge: "INVALID_ARGUMENT",
};

const ACCESS = "check the credentials, and that they may do what the README lists.";

/** Advice that the server's own messages lack. */
const ADVICE: Readonly<Record<string, string>> = {
  NoSuchBucket: "create the bucket, or check its name and the endpoint.",
  AccessDenied: ACCESS,
  AllAccessDisabled: ACCESS,
  InvalidAccessKeyId: ACCESS,
  SignatureDoesNotMatch: "check the secret key and the region.",
  AuthorizationHeaderMalformed: "check the region.",
  ExpiredToken: "the credentials have expired; give a function that renews them.",
  RequestTimeTooSkewed: "set this machine's clock.",
  PermanentRedirect: "the bucket is at another endpoint or in another region.",
  TemporaryRedirect: "the bucket is at another endpoint or in another region.",
  InvalidObjectState: "the archive lies in a cold storage class; bring it back with RestoreObject, then read again.",
  QuotaExceeded: "nothing was stored; free space, or raise the quota.",
  XMinioStorageFull: "nothing was stored; free space, or add disks.",
  BadDigest: "bytes were changed on their way; nothing was stored.",
  XAmzContentSHA256Mismatch: "bytes were changed on their way; nothing was stored.",
  NoSuchUpload: "the upload was aborted by somebody else, such as a lifecycle rule; start again.",
};

function inRegion(region: string): string {
  return `the bucket is in the region ${region}: set it, and the endpoint of that region.`;
}

/** Answers to HEAD have no body. */
function codeOfStatus(status: number): string {
  if (status === 403) return "AccessDenied";
  if (status === 301) return "PermanentRedirect";
  if (status === 307) return "TemporaryRedirect";
  return status === 507 ? "QuotaExceeded" : "Error";
}
