/** Tries out which conditions a bucket honours: many servers take the header and replace the object. */
import { ArchiverError, randomToken } from "@session-archiver/core/adapter";
import type { Call } from "../call.js";
import type { CreateOnly } from "../create-only.js";
import { failureOf } from "../failure.js";
import { type Answer, isOk, isRefused } from "../http/answer.js";
import { escapeXml, textOf } from "../http/xml.js";
import { PROBES } from "./names.js";
import { IF_ABSENT, type Objects, TOKEN } from "./objects.js";

/** `undefined`: none. Leaves nothing behind. `UNAVAILABLE` if the bucket loses what this package can't do without. */
export async function probe(objects: Objects, call: Call): Promise<Exclude<CreateOnly, "keys are random"> | undefined> {
  const name = PROBES + randomToken();
  const put = (headers: Readonly<Record<string, string>>) => objects.send({ method: "PUT", name, headers }, call);
  try {
    const first = await put({ [TOKEN]: name });
    if (!isOk(first)) throw failureOf(first, call);
    if ((await objects.head(name, call))?.token !== name) {
      const message = `The bucket does not keep or show the header ${TOKEN}, by which a writer finds its own object. In a page, its CORS rules must expose it (ExposeHeaders).`;
      throw new ArchiverError("UNAVAILABLE", message);
    }
    const again = await put({ ...IF_ABSENT, [TOKEN]: name });
    if (isOk(again) || again.status === 501 || again.status === 400) return undefined;
    if (!isRefused(again)) throw failureOf(again, call);
    // Some refuse even where there is nothing.
    await objects.delete(name, call);
    if (!isOk(await put({ ...IF_ABSENT, [TOKEN]: name }))) return undefined;
    const completed = await completeOver(objects, name, call);
    if (isRefused(completed)) return "both";
    // Those that don't know the condition there either ignore it, or say so.
    if (isOk(completed) || completed.status === 501 || completed.status === 400) return "put";
    throw failureOf(completed, call);
  } finally {
    await objects.delete(name, { key: call.key }).catch(() => {});
  }
}

/** The answer to the completion of an upload to a name that is taken. */
async function completeOver(objects: Objects, name: string, call: Call): Promise<Answer> {
  const begun = await objects.do({ method: "POST", name, query: { uploads: "" } }, call);
  const uploadId = textOf(begun.text, "UploadId") ?? "";
  const part = { method: "PUT", name, query: { uploadId, partNumber: "1" }, body: Uint8Array.of(0) } as const;
  const etag = escapeXml((await objects.do(part, call)).header("etag") ?? "");
  const xml = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  const body = new TextEncoder().encode(xml);
  const answer = await objects.send({ method: "POST", name, query: { uploadId }, headers: IF_ABSENT, body }, call);
  if (!isOk(answer)) await objects.send({ method: "DELETE", name, query: { uploadId } }, call);
  return answer;
}
