/** What a bucket answers. */
import type { HttpResponse } from "./transport.js";
import { textOf } from "./xml.js";

export interface Answer extends Pick<HttpResponse, "header"> {
  readonly status: number;
  /** S3's name of the error: also of one that comes with the status 200, as from CompleteMultipartUpload. */
  readonly code: string | undefined;
  /** The whole body; of a stream it is empty. */
  readonly text: string;
  /** What was asked for as a stream, if the answer is no error. */
  readonly stream: AsyncIterable<Uint8Array> | undefined;
}

export function isOk({ status, code }: Answer): boolean {
  return status < 300 && code === undefined;
}

/** The condition of the request was not met. */
export function isRefused({ status, code }: Answer): boolean {
  return status === 412 || code === "PreconditionFailed";
}

/** There is no such object. A missing bucket is another matter. The answer to HEAD has no body to tell by. */
export function isAbsent({ status, code }: Answer): boolean {
  return status === 404 && (code === undefined || code === "NoSuchKey" || code === "NoSuchVersion");
}

/** Bytes that changed on their way, a server that is busy, and a write that met another one: the same request may succeed. */
const TRANSIENT = new Set([
  ...["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "OperationAborted", "TooManyRequests"],
  ...["ConditionalRequestConflict", "BadDigest", "XAmzContentSHA256Mismatch", "RequestTimeTooSkewed"],
]);

export function isTransient({ status, code }: Answer): boolean {
  if (status === 429 || status === 500 || (status >= 502 && status <= 504)) return true;
  return code !== undefined && TRANSIENT.has(code);
}

export function answerOf({ status, header }: HttpResponse, text: string): Answer {
  const isError = status >= 300 || /<Error[\s>]/.test(text);
  return { status, header, text, stream: undefined, code: isError ? textOf(text, "Code") : undefined };
}
