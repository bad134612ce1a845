/** The step that makes an object visible. */
import { type Call, unstoppable } from "../call.js";
import { failureOf } from "../failure.js";
import { type Answer, isOk, isRefused } from "../http/answer.js";
import type { S3Request } from "../http/requests.js";
import { type Objects, secondOf } from "./objects.js";

export interface Published {
  /** When it was done, by the bucket's clock, in unix ms of a whole second. `undefined` if the bucket doesn't say, or not to a page. */
  readonly at: number | undefined;
}

/**
 * Sends it. `undefined` if somebody else's object has the name. An answer may be lost, and the next try is then refused because of the first
 * one; so after a failure the writer looks whether the object that is there has its own token. `UNAVAILABLE` if that shows nothing.
 */
export async function publish(
  objects: Objects,
  request: S3Request & { readonly name: string },
  token: string,
  call: Call,
): Promise<Published | undefined> {
  objects.requests.mayRun(call);
  const sent = unstoppable(call);
  let answer: Answer | undefined;
  let failure: unknown;
  try {
    answer = await objects.send(request, sent);
    if (isOk(answer)) return { at: timeOf(answer) };
    failure = failureOf(answer, call);
  } catch (error) {
    failure = error;
  }
  const found = await objects.head(request.name, sent).catch(() => undefined);
  if (found?.token === token) return { at: found.createdAt };
  // An upload that is gone was completed, or aborted by somebody else.
  if (found && answer && (isRefused(answer) || answer.code === "NoSuchUpload")) return undefined;
  throw failure;
}

function timeOf({ header }: Answer): number | undefined {
  const time = secondOf(header("date"));
  return Number.isNaN(time) ? undefined : time;
}
