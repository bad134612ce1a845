/** Pages of names. */
import type { Call } from "../call.js";
import { failureOf } from "../failure.js";
import { isOk } from "../http/answer.js";
import { elementsOf, textOf } from "../http/xml.js";
import { type Objects, secondOf } from "./objects.js";

export interface ListedName {
  /** Without the sink's prefix. */
  readonly name: string;
  readonly size: number;
  /** Unix ms, of a whole second. */
  readonly createdAt: number;
  readonly storageClass: string | undefined;
}

export interface ListOptions {
  /** Only names after this one. */
  readonly after?: string | undefined;
  /** Names in a page, 1,000 at most, which is the default. */
  readonly pageSize?: number | undefined;
}

/** The names that begin with this, but none that has a slash behind it. */
export async function* listNames(
  { requests, prefix }: Objects,
  beginning: string,
  call: Call,
  { after, pageSize }: ListOptions = {},
): AsyncGenerator<readonly ListedName[]> {
  let token: string | undefined;
  do {
    const query = {
      "list-type": "2",
      // What others put here may have characters that XML doesn't. Names of ours are the same either way.
      "encoding-type": "url",
      delimiter: "/",
      prefix: prefix + beginning,
      ...(token === undefined
        ? after !== undefined && { "start-after": prefix + after }
        : { "continuation-token": token }),
      ...(pageSize !== undefined && { "max-keys": String(pageSize) }),
    };
    const answer = await requests.send({ method: "GET", query }, call);
    if (!isOk(answer)) throw failureOf(answer, call);
    yield elementsOf(answer.text, "Contents").map((xml) => ({
      name: decodeName(textOf(xml, "Key") ?? "").slice(prefix.length),
      size: Number(textOf(xml, "Size")),
      createdAt: secondOf(textOf(xml, "LastModified")),
      storageClass: textOf(xml, "StorageClass"),
    }));
    token = textOf(answer.text, "IsTruncated") === "true" ? textOf(answer.text, "NextContinuationToken") : undefined;
  } while (token !== undefined);
}

/** `UNAVAILABLE` if the bucket is gone, or may not be listed. An answer to HEAD doesn't tell that from a missing object. */
export async function requireBucket(objects: Objects, beginning: string, call: Call): Promise<void> {
  for await (const _ of listNames(objects, beginning, call, { pageSize: 1 })) return;
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return encoded;
  }
}
