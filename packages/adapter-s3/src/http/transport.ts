/** What sends one HTTP request: the platform's `fetch`, or the request handler of a host's SDK client. */

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** `undefined` if it is missing, or hidden from a page of another origin. */
  header(name: string): string | undefined;
  /** To be read once, or returned without having been read. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Rejects if there is no answer. Any status is an answer. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** Over `fetch`. */
export function fetchTransport(fetcher: typeof fetch): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const response = await fetcher(url, {
      method,
      // A page may not set accept-encoding, and then the platform unpacks by itself. Nothing here is stored packed for transport.
      headers: { ...headers, "accept-encoding": "identity" },
      ...(body && { body: body as Uint8Array<ArrayBuffer> }),
      signal,
      // A redirect would be signed for another host. Without these two, Node copies a body once more, to be able to send it again.
      redirect: body ? "error" : "manual",
      window: null,
      cache: "no-store",
      credentials: "omit",
    });
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: chunksOf(response.body),
    };
  };
}

/** Not every browser can loop over a stream. Stopping early cancels it. */
export async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = stream?.getReader();
  if (!reader) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // Of a stream that has ended or failed, this does nothing.
    await reader.cancel().catch(() => {});
  }
}
