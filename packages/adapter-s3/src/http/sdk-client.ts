/**
 * A host's client of the AWS SDK for JavaScript, version 3: its credentials, region, endpoint and connections. Its commands and retries are
 * not used: a retried write that had succeeded is reported as a failed condition there, and streams are sent in a form that many servers refuse.
 */
import type { S3Credentials } from "./signer.js";
import { chunksOf, type Transport } from "./transport.js";

/** What is used of an `S3Client` or `S3` of `@aws-sdk/client-s3`. */
export interface S3SdkClient {
  readonly config: {
    credentials(): Promise<S3Credentials>;
    region(): Promise<string>;
    /** Only where the host has set it. */
    endpoint?: (() => Promise<SdkEndpoint>) | undefined;
    readonly forcePathStyle?: boolean | undefined;
    readonly requestHandler: {
      handle(
        request: SdkRequest,
        options?: { readonly abortSignal?: AbortSignal },
      ): Promise<{ readonly response: SdkResponse }>;
    };
  };
}

export interface SdkEndpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
}

export interface SdkRequest extends SdkEndpoint {
  readonly method: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array;
}

export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream of Node or of the web. */
  readonly body?: unknown;
}

/** What the client says of itself, as options. */
export interface ClientOptions {
  readonly credentials: () => Promise<S3Credentials>;
  readonly region: string;
  readonly endpoint: URL | undefined;
  readonly pathStyle: boolean | undefined;
}

export async function optionsOfClient({ config }: S3SdkClient): Promise<ClientOptions> {
  const [region, endpoint] = await Promise.all([config.region(), config.endpoint?.()]);
  return {
    credentials: () => config.credentials(),
    region,
    endpoint: endpoint && urlOf(endpoint),
    pathStyle: config.forcePathStyle,
  };
}

function urlOf({ protocol, hostname, port, path }: SdkEndpoint): URL {
  return new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
}

export function sdkTransport({ config }: S3SdkClient): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const { protocol, hostname, port, pathname, search } = url;
    const hasBody = method === "PUT" || method === "POST";
    const request = {
      ...{ method, protocol, hostname, path: pathname + search, query: {} },
      ...(port !== "" && { port: Number(port) }),
      headers: { ...headers, ...(hasBody && { "content-length": String(body?.length ?? 0) }) },
      ...(body && { body }),
    };
    const { response } = await config.requestHandler.handle(request, { abortSignal: signal });
    const found = new Headers(response.headers);
    return {
      status: response.statusCode,
      header: (name) => found.get(name) ?? undefined,
      body: bytesIn(response.body),
    };
  };
}

async function* bytesIn(body: unknown): AsyncGenerator<Uint8Array> {
  if (body instanceof Blob) yield new Uint8Array(await body.arrayBuffer());
  else if (body instanceof ReadableStream) yield* chunksOf(body);
  else if (body) yield* body as AsyncIterable<Uint8Array>;
}
