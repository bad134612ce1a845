/** Single objects of the bucket, below the sink's prefix. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Call } from "../call.js";
import { failureOf } from "../failure.js";
import { type Answer, isAbsent, isOk } from "../http/answer.js";
import type { Requests, S3Request } from "../http/requests.js";

/** The header in which a writer finds its own object again. */
export const TOKEN = "x-amz-meta-sa-put";
/** A condition: there is no object of this name. */
export const IF_ABSENT: Readonly<Record<string, string>> = { "if-none-match": "*" };

export interface ObjectHead {
  readonly size: number;
  /** Unix ms, of a whole second. */
  readonly createdAt: number;
  readonly token: string | undefined;
  readonly storageClass: string | undefined;
}

export class Objects {
  readonly #requests: Requests;
  readonly #prefix: string;

  constructor(requests: Requests, prefix: string) {
    this.#requests = requests;
    this.#prefix = prefix;
  }

  /** What all its names begin with: `""`, or a path that ends in a slash. */
  get prefix(): string {
    return this.#prefix;
  }

  get requests(): Requests {
    return this.#requests;
  }

  /** A request about the object of this name. */
  send(request: S3Request & { readonly name: string }, call: Call): Promise<Answer> {
    return this.#requests.send({ ...request, name: this.#prefix + request.name }, call);
  }

  /** Throws unless it succeeds. */
  async do(request: S3Request & { readonly name: string }, call: Call): Promise<Answer> {
    const answer = await this.send(request, call);
    if (!isOk(answer)) throw failureOf(answer, call);
    return answer;
  }

  async head(name: string, call: Call): Promise<ObjectHead | undefined> {
    const answer = await this.send({ method: "HEAD", name }, call);
    if (isAbsent(answer)) return undefined;
    if (!isOk(answer)) throw failureOf(answer, call);
    return headOf(answer, call);
  }

  /** Also of one that is not there. */
  async delete(name: string, call: Call): Promise<void> {
    const answer = await this.send({ method: "DELETE", name }, call);
    if (!isOk(answer) && !isAbsent(answer)) throw failureOf(answer, call);
  }
}

function headOf({ header }: Answer, { key }: Call): ObjectHead {
  const size = Number(header("content-length") ?? Number.NaN);
  const createdAt = secondOf(header("last-modified"));
  if (!Number.isSafeInteger(size) || Number.isNaN(createdAt)) {
    throw new ArchiverError("UNAVAILABLE", "The bucket does not tell an object's size and time (HEAD).", { key });
  }
  return { size, createdAt, token: header(TOKEN), storageClass: header("x-amz-storage-class") };
}

/** Lists give milliseconds where a HEAD gives seconds: both are cut to the second. */
export function secondOf(time: string | undefined): number {
  return Math.floor(Date.parse(time ?? "") / 1000) * 1000;
}
