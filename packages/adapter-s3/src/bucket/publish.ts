/** The step that makes an object visible. */
import { type Call, unstoppable } from "../call.js";
import { failureOf } from "../failure.js";
import { type Answer, isOk, isRefused } from "../http/answer.js";
import type { S3Request } from "../http/requests.js";
import type { Objects } from "./objects.js";

/**
 * Sends it. `false` if somebody else's object has the name. An answer may be lost, and the next try is then refused because of the first
 * one; so after a failure the writer looks whether the object that is there has its own token. `UNAVAILABLE` if that shows nothing.
 */
export async function publish(
  objects: Objects,
  request: S3Request & { readonly name: string },
  token: string,
  call: Call,
): Promise<boolean> {
  objects.requests.mayRun(call);
  const sent = unstoppable(call);
  let answer: Answer | undefined;
  let failure: unknown;
  try {
    answer = await objects.send(request, sent);
    if (isOk(answer)) return true;
    failure = failureOf(answer, call);
  } catch (error) {
    failure = error;
  }
  const found = await objects.head(request.name, sent).catch(() => undefined);
  if (found?.token === token) return true;
  // An upload that is gone was completed, or aborted by somebody else.
  if (found && answer && (isRefused(answer) || answer.code === "NoSuchUpload")) return false;
  throw failure;
}
