/** adapter-s3: on a bucket in memory, behind a `fetch` of its own. */
import { openS3Archives } from "@session-archiver/adapter-s3";
import { memoryPorts } from "@session-archiver/core";
import { live } from "./life.js";

const objects = new Map<string, { readonly bytes: Uint8Array; readonly token: string; readonly time: number }>();

async function bucket(input: URL | RequestInfo, init: RequestInit = {}): Promise<Response> {
  const { pathname, searchParams } = new URL(String(input));
  const name = decodeURIComponent(pathname.slice("/sessions/".length));
  const headers = new Headers(init.headers);
  if (!headers.get("authorization")?.startsWith("AWS4-HMAC-SHA256 Credential=id/"))
    return new Response("", { status: 403 });
  const found = objects.get(name);
  if (init.method === "PUT") {
    if (found && headers.has("if-none-match")) return new Response("", { status: 412 });
    const bytes = new Uint8Array(init.body instanceof Uint8Array ? init.body : []);
    objects.set(name, { bytes, token: headers.get("x-amz-meta-sa-put") ?? "", time: Date.now() });
    return new Response("");
  }
  if (init.method === "DELETE") {
    objects.delete(name);
    return new Response(null, { status: 204 });
  }
  if (name === "") return new Response(list(searchParams.get("prefix") ?? ""));
  if (!found) return new Response("<Error><Code>NoSuchKey</Code></Error>", { status: 404 });
  const [, start = "", last = ""] = /bytes=(\d+)-(\d*)/.exec(headers.get("range") ?? "") ?? [];
  const bytes = found.bytes.slice(Number(start), last === "" ? undefined : Number(last) + 1);
  if (start !== "" && bytes.length === 0) {
    return new Response("", { status: 416, headers: { "content-range": `bytes */${found.bytes.length}` } });
  }
  return new Response(init.method === "HEAD" ? null : bytes, {
    status: start === "" ? 200 : 206,
    headers: {
      "content-length": String(bytes.length),
      "last-modified": new Date(found.time).toUTCString(),
      "x-amz-meta-sa-put": found.token,
      etag: '"1"',
    },
  });
}

function list(prefix: string): string {
  const inFolder = ([name]: readonly [string, unknown]) =>
    name.startsWith(prefix) && !name.slice(prefix.length).includes("/");
  const entries = [...objects].filter(inFolder).map(([name, { bytes, time }]) => {
    return `<Contents><Key>${name}</Key><Size>${bytes.length}</Size><LastModified>${new Date(time).toISOString()}</LastModified></Contents>`;
  });
  return `<ListBucketResult>${entries.join("")}</ListBucketResult>`;
}

const archives = await openS3Archives({
  endpoint: "http://localhost",
  bucket: "sessions",
  credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  createOnly: "both",
  fetch: bucket,
});
await live({ ...memoryPorts(), archives });
await archives.close();
