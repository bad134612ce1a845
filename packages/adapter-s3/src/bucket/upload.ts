/** A long body, in parts. It is invisible until it is completed. */
import { ArchiverError } from "@session-archiver/core/adapter";
import { type Call, unstoppable } from "../call.js";
import { escapeXml, textOf } from "../http/xml.js";
import { type Objects, TOKEN } from "./objects.js";
import { type Published, publish } from "./publish.js";

/** S3 takes no more. */
const MOST_PARTS = 10_000;

export class Upload {
  readonly #objects: Objects;
  readonly #name: string;
  readonly #id: string;
  readonly #token: string;
  readonly #call: Call;
  readonly #etags: string[] = [];
  /** The part that is under way. While it is, the next one is filled. More at a time take more memory than they save time. */
  #sending: Promise<void> = Promise.resolve();
  #parts = 0;
  #size = 0;

  private constructor(objects: Objects, name: string, id: string, token: string, call: Call) {
    this.#objects = objects;
    this.#name = name;
    this.#id = id;
    this.#token = token;
    this.#call = call;
  }

  static async begin(
    objects: Objects,
    name: string,
    headers: Readonly<Record<string, string>>,
    token: string,
    call: Call,
  ): Promise<Upload> {
    const request = { method: "POST", name, query: { uploads: "" }, headers: { ...headers, [TOKEN]: token } } as const;
    const id = textOf((await objects.do(request, call)).text, "UploadId");
    if (id === undefined) throw new ArchiverError("UNAVAILABLE", "The bucket began an upload and gave no id.", call);
    return new Upload(objects, name, id, token, call);
  }

  get size(): number {
    return this.#size;
  }

  /** Resolves when the part before it is stored. Rejects if that has failed. */
  async add(body: Uint8Array): Promise<void> {
    const number = ++this.#parts;
    if (number > MOST_PARTS) {
      const message = `The archive has more than ${MOST_PARTS} parts, which S3 doesn't take. Open the sink with larger ones (partBytes).`;
      throw new ArchiverError("INVALID_ARGUMENT", message, this.#call);
    }
    await this.#sending;
    this.#size += body.length;
    this.#sending = this.#send(number, body);
    // Its failure is met by the next part, or at the end.
    this.#sending.catch(() => {});
  }

  /** All parts are stored. */
  finish(): Promise<void> {
    return this.#sending;
  }

  /** Makes the object of its parts. As {@link publish}. */
  complete(headers: Readonly<Record<string, string>>): Promise<Published | undefined> {
    const parts = this.#etags.map(
      (etag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
    );
    const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join("")}</CompleteMultipartUpload>`;
    const body = new TextEncoder().encode(xml);
    const query = { uploadId: this.#id };
    return publish(this.#objects, { method: "POST", name: this.#name, query, headers, body }, this.#token, this.#call);
  }

  /** Deletes the parts. Never fails: what is left is collected after a day. */
  async abort(): Promise<void> {
    await this.#sending.catch(() => {});
    const request = { method: "DELETE", name: this.#name, query: { uploadId: this.#id } } as const;
    await this.#objects.send(request, unstoppable(this.#call)).catch(() => {});
  }

  async #send(number: number, body: Uint8Array): Promise<void> {
    const query = { uploadId: this.#id, partNumber: String(number) };
    const { header } = await this.#objects.do({ method: "PUT", name: this.#name, query, body }, this.#call);
    const etag = header("etag");
    if (etag === undefined) {
      const message = "The bucket shows no ETag. In a page, its CORS rules must expose the header (ExposeHeaders).";
      throw new ArchiverError("UNAVAILABLE", message, this.#call);
    }
    this.#etags[number - 1] = etag;
    release(body);
  }
}

/** Gives the memory of a part back at once: what waits for the collector of garbage adds up to many parts. */
function release({ buffer }: Uint8Array): void {
  // Older platforms lack it.
  (buffer as { transfer?(size: number): ArrayBuffer }).transfer?.(0);
}
