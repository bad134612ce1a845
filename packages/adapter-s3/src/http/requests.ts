/** Signed requests to one bucket, sent again if that may help. */
import { ArchiverError, codeOf, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "../call.js";
import { type Answer, answerOf, isTransient } from "./answer.js";
import { Deadline } from "./deadline.js";
import { type Endpoint, type Query, urlOf } from "./endpoint.js";
import { type S3Credentials, sign } from "./signer.js";
import type { Transport } from "./transport.js";

export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Of the object; without it, the request is about the bucket. */
  readonly name?: string | undefined;
  readonly query?: Query | undefined;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  /** The body of the answer is wanted as a stream. */
  readonly streams?: boolean | undefined;
}

export interface Connection {
  readonly endpoint: Endpoint;
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<S3Credentials>;
  readonly transport: Transport;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly pauseMs: number;
}

const LONGEST_PAUSE_MS = 10_000;

export class Requests {
  readonly #connection: Connection;
  /** How far the server's clock is ahead of this machine's: S3 takes no request that is 15 minutes off. */
  #clockAheadMs = 0;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get tries(): number {
    return this.#connection.tries;
  }

  /**
   * The server's answer. Rejects with `UNAVAILABLE` if there is none, or with `ABORTED`; then, whatever the request does may have been done,
   * or may still be.
   */
  async send(request: S3Request, call: Call): Promise<Answer> {
    const { tries } = this.#connection;
    for (let n = 1; ; n++) {
      this.mayRun(call);
      try {
        const answer = await this.#once(request, call);
        if (!isTransient(answer) || n >= tries) return answer;
        this.#setClock(answer);
      } catch (error) {
        throwIfAborted(call.signal, call);
        if (codeOf(error) !== undefined) throw error;
        if (n >= tries) throw this.unreachable(error, call);
      }
      await this.pause(n);
    }
  }

  /** Before the n-th try is followed by another one. Random, so that many who failed together don't come back together. */
  async pause(n: number): Promise<void> {
    const most = Math.min(LONGEST_PAUSE_MS, this.#connection.pauseMs * 2 ** (n - 1));
    if (most > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
  }

  unreachable(error: unknown, { key }: Call): ArchiverError {
    const { url } = this.#connection.endpoint;
    const cause = error instanceof Error ? error.cause : undefined;
    const said = [error, cause].flatMap((one) => (one instanceof Error && one.message !== "" ? [one.message] : []));
    const message = `The connection to ${url.origin} failed: ${said.join(": ") || String(error)}`;
    return new ArchiverError("UNAVAILABLE", message, { key, cause: error });
  }

  /** Throws if the sink is closed, or the call was aborted. */
  mayRun(call: Call): void {
    if (this.#closed) throw new ArchiverError("UNAVAILABLE", "The sink is closed. Open it again.", call);
    throwIfAborted(call.signal, call);
  }

  close(): void {
    this.#closed = true;
  }

  async #once({ method, name, query, headers = {}, body, streams }: S3Request, call: Call): Promise<Answer> {
    const { endpoint, region, credentials, transport, timeoutMs } = this.#connection;
    const url = urlOf(endpoint, name, query);
    const now = new Date(Date.now() + this.#clockAheadMs);
    const signed = await sign({ method, url, headers, body }, await credentials(), await region(), now);
    const deadline = new Deadline(timeoutMs, call.signal);
    const response = await deadline.limit(transport({ method, url, headers: signed, body, signal: deadline.signal }));
    const stream = deadline.each(response.body);
    if (streams && response.status < 300) {
      return { status: response.status, header: response.header, code: undefined, text: "", stream };
    }
    return answerOf(response, await textIn(stream));
  }

  #setClock({ code, header }: Answer): void {
    const date = Date.parse(header("date") ?? "");
    if (code === "RequestTimeTooSkewed" && !Number.isNaN(date)) this.#clockAheadMs = date - Date.now();
  }
}

/** An answer that breaks off is no answer. */
async function textIn(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
