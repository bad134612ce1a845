/** A small S3 server for what no server here does right, and for what goes wrong between it and its clients. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerTo, type FakeAnswer, type FakeRequest, fail } from "./answers.js";
import type { FakeBucket } from "./bucket.js";
import { wrongSignature } from "./signature.js";

/** What becomes of a request. */
export type Fault =
  /** The connection is cut before anything is done, or after all was done. */
  | { readonly lost: "before" | "after" }
  /** Another answer, without or after having done it. */
  | { readonly answer: FakeAnswer; readonly isDone?: boolean }
  /** The answer breaks off after this many bytes of its body. */
  | { readonly cutAfter: number }
  /** No answer, and no end. */
  | { readonly hangs: true }
  /** A byte of what was sent, or is sent, is another one. */
  | { readonly garbles: true };

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
  "access-control-expose-headers": "ETag, Content-Range, Date, x-amz-meta-sa-put, x-amz-storage-class",
};

export interface FakeS3 {
  readonly url: string;
  /** Buckets are made when they are first set here. */
  readonly buckets: Map<string, FakeBucket>;
  close(): Promise<void>;
}

/** What is asked about each request. */
export interface Watch {
  readonly bucket: string;
  readonly request: FakeRequest;
  /** Resolves when the answer was sent, or can't be any more. */
  readonly closed: Promise<void>;
}

export async function startFakeS3(onRequest: (watch: Watch) => Fault | undefined = () => undefined): Promise<FakeS3> {
  const buckets = new Map<string, FakeBucket>();
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const closed = new Promise<void>((resolve) => outgoing.on("close", resolve));
    // Pages of other origins may do everything here.
    if (incoming.method === "OPTIONS") {
      outgoing.writeHead(204, {
        ...CORS,
        "access-control-allow-headers": incoming.headers["access-control-request-headers"],
      });
      outgoing.end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const [, name = "", ...rest] = url.pathname.split("/");
    const key = rest.map(decodeURIComponent).join("/");
    const request = { method: incoming.method ?? "", key, query: url.searchParams, headers: incoming.headers, body };
    const bucket = buckets.get(name);
    const fault = onRequest({ bucket: name, request, closed });
    if (fault && "hangs" in fault) return;
    if (fault && "lost" in fault) {
      if (fault.lost === "after") answer(bucket, incoming, request, false);
      outgoing.destroy();
      return;
    }
    if (fault && "answer" in fault) {
      if (fault.isDone) answer(bucket, incoming, request, false);
      send(incoming, outgoing, fault.answer);
      return;
    }
    const done = answer(bucket, incoming, request, fault !== undefined && "garbles" in fault);
    send(incoming, outgoing, done, fault && "cutAfter" in fault ? fault.cutAfter : undefined);
  };
  const answer = (
    bucket: FakeBucket | undefined,
    incoming: IncomingMessage,
    request: FakeRequest,
    garbles: boolean,
  ) => {
    const body = garbles ? Buffer.from(request.body.map((byte, n) => (n === 0 ? byte ^ 1 : byte))) : request.body;
    const wrong = wrongSignature(incoming, body);
    if (wrong !== undefined) return fail(wrong === "XAmzContentSHA256Mismatch" ? 400 : 403, wrong);
    return bucket ? answerTo(bucket, request) : fail(404, "NoSuchBucket");
  };
  const send = (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { status, headers, body = "" }: FakeAnswer,
    cutAfter?: number,
  ) => {
    const length = String(Buffer.byteLength(body));
    outgoing.writeHead(status, { ...CORS, ...(status !== 204 && { "content-length": length }), ...headers });
    if (incoming.method === "HEAD" || status === 204) outgoing.end();
    else if (cutAfter === undefined) outgoing.end(body);
    else outgoing.write(Buffer.from(body).subarray(0, cutAfter), () => outgoing.destroy());
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    buckets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
