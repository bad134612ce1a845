/** What the small S3 server answers, and does. */
import { etagOf, type FakeBucket } from "./bucket.js";
import { listObjects, listUploads } from "./listings.js";

export interface FakeRequest {
  readonly method: string;
  /** `""`: the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

const PART_BYTES = 5 * 1024 * 1024;

export function fail(status: number, code: string): FakeAnswer {
  return {
    status,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>This is ${code}.</Message></Error>`,
  };
}

export function answerTo(bucket: FakeBucket, request: FakeRequest): FakeAnswer {
  const { method, key, query } = request;
  if (key === "") return ofBucket(bucket, query);
  const uploadId = query.get("uploadId");
  if (method === "POST" && query.has("uploads")) {
    return { status: 200, body: `<Result><UploadId>${bucket.begin(key, kept(bucket, request))}</UploadId></Result>` };
  }
  if (uploadId !== null) return ofUpload(bucket, uploadId, request);
  if (method === "PUT") return put(bucket, request);
  if (method === "DELETE") {
    bucket.objects.delete(key);
    return { status: 204 };
  }
  return get(bucket, request);
}

function ofBucket(bucket: FakeBucket, query: URLSearchParams): FakeAnswer {
  const { versioning, objectLock } = bucket.behaviour;
  if (query.has("versioning")) {
    const status = versioning === undefined ? "" : `<Status>${versioning}</Status>`;
    return { status: 200, body: `<VersioningConfiguration>${status}</VersioningConfiguration>` };
  }
  if (query.has("object-lock")) {
    if (!objectLock) return fail(404, "ObjectLockConfigurationNotFoundError");
    return { status: 200, body: "<C><ObjectLockEnabled>Enabled</ObjectLockEnabled></C>" };
  }
  return { status: 200, body: query.has("uploads") ? listUploads(bucket, query) : listObjects(bucket, query) };
}

function put(bucket: FakeBucket, request: FakeRequest): FakeAnswer {
  const { key, body } = request;
  if (Buffer.byteLength(key) > 1024) return fail(400, "KeyTooLongError");
  if (bucket.behaviour.createOnly !== "none" && isTaken(bucket, request)) return fail(412, "PreconditionFailed");
  bucket.set(key, body, kept(bucket, request));
  return { status: 200, headers: { etag: etagOf(body) } };
}

function ofUpload(bucket: FakeBucket, id: string, request: FakeRequest): FakeAnswer {
  const upload = bucket.uploads.get(id);
  if (!upload || upload.key !== request.key) return fail(404, "NoSuchUpload");
  if (request.method === "DELETE") {
    bucket.uploads.delete(id);
    return { status: 204 };
  }
  const number = request.query.get("partNumber");
  if (request.method === "PUT" && number !== null) {
    const etag = etagOf(request.body);
    upload.parts.set(Number(number), { bytes: request.body, etag });
    return { status: 200, headers: { etag } };
  }
  const named = [...request.body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/g)];
  const parts = named.map(([, n, etag = ""]) => {
    const part = upload.parts.get(Number(n));
    return part?.etag === etag.replaceAll("&quot;", '"') ? part.bytes : undefined;
  });
  if (parts.length === 0 || parts.includes(undefined)) return fail(400, "InvalidPart");
  const all = parts.filter((part) => part !== undefined);
  if (all.slice(0, -1).some((part) => part.length < PART_BYTES)) return fail(400, "EntityTooSmall");
  if (bucket.behaviour.createOnly === "both" && isTaken(bucket, request)) return fail(412, "PreconditionFailed");
  bucket.uploads.delete(id);
  const bytes = Buffer.concat(all);
  bucket.set(request.key, bytes, upload.headers, etagOf(bytes).replace(/"$/, `-${all.length}"`));
  return { status: 200, body: "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>" };
}

function get(bucket: FakeBucket, { method, key, headers }: FakeRequest): FakeAnswer {
  const object = bucket.objects.get(key);
  if (!object) return fail(404, "NoSuchKey");
  const { bytes, etag, modified } = object;
  if (headers["if-match"] !== undefined && headers["if-match"] !== etag) return fail(412, "PreconditionFailed");
  const isCold = /^(GLACIER|DEEP_ARCHIVE)$/.test(object.headers["x-amz-storage-class"] ?? "");
  if (method === "GET" && isCold) return fail(403, "InvalidObjectState");
  const about = { ...object.headers, etag, "last-modified": new Date(modified).toUTCString() };
  const wanted = /^bytes=(\d+)-(\d*)$/.exec(String(headers["range"] ?? ""));
  if (!wanted || !bucket.behaviour.ranges) return { status: 200, headers: about, body: bytes };
  const [start, last] = [Number(wanted[1]), wanted[2] === "" ? bytes.length - 1 : Number(wanted[2])];
  const size = bytes.length;
  if (start >= size) return { ...fail(416, "InvalidRange"), headers: { "content-range": `bytes */${size}` } };
  const end = Math.min(last + 1, size);
  const range = { ...about, "content-range": `bytes ${start}-${end - 1}/${size}` };
  return { status: 206, headers: range, body: bytes.subarray(start, end) };
}

function isTaken(bucket: FakeBucket, { key, headers }: FakeRequest): boolean {
  return headers["if-none-match"] === "*" && bucket.objects.has(key);
}

/** The headers that come back with the object. */
function kept({ behaviour }: FakeBucket, { headers }: FakeRequest): Record<string, string> {
  const names = Object.keys(headers).filter((name) => {
    return name === "x-amz-storage-class" || (name.startsWith("x-amz-meta-") && behaviour.keepsMeta);
  });
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}
