/** Pages of names, in the order of their bytes. */
import type { FakeBucket } from "./bucket.js";

interface Entry {
  readonly name: string;
  readonly xml: string;
}

export function listObjects(bucket: FakeBucket, query: URLSearchParams): string {
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const entries = new Map<string, Entry>();
  for (const [key, { bytes, modified, headers }] of bucket.objects) {
    if (!key.startsWith(prefix)) continue;
    const slash = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = slash < 0 ? undefined : key.slice(0, slash + 1);
    const storageClass = headers["x-amz-storage-class"] ?? "STANDARD";
    const xml = common
      ? `<CommonPrefixes><Prefix>${encoded(common)}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${encoded(key)}</Key><Size>${bytes.length}</Size><LastModified>${new Date(modified).toISOString()}</LastModified><StorageClass>${storageClass}</StorageClass></Contents>`;
    entries.set(common ?? key, { name: common ?? key, xml });
  }
  const most = Math.min(bucket.behaviour.pageSize, Number(query.get("max-keys") ?? 1000));
  const rest = [...entries.values()].sort(byBytes).filter(({ name }) => byBytes({ name }, { name: after }) > 0);
  const page = rest.slice(0, most);
  const next = rest.length > most ? page.at(-1)?.name : undefined;
  const more =
    next === undefined
      ? "false</IsTruncated>"
      : `true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`;
  return `<ListBucketResult><IsTruncated>${more}${page.map(({ xml }) => xml).join("")}</ListBucketResult>`;
}

export function listUploads(bucket: FakeBucket, query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const [afterKey, afterId] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
  const sorted = [...bucket.uploads]
    .filter(([, { key }]) => key.startsWith(prefix))
    .map(([id, { key, initiated }]) => ({ id, key, initiated, name: `${key}\0${id}` }))
    .sort(byBytes)
    .filter((upload) => afterKey === "" || byBytes(upload, { name: `${afterKey}\0${afterId}` }) > 0);
  const page = sorted.slice(0, bucket.behaviour.pageSize);
  const last = sorted.length > page.length ? page.at(-1) : undefined;
  const more = last
    ? `true</IsTruncated><NextKeyMarker>${encoded(last.key)}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`
    : "false</IsTruncated>";
  const uploads = page.map(
    ({ id, key, initiated }) =>
      `<Upload><Key>${encoded(key)}</Key><UploadId>${id}</UploadId><Initiated>${new Date(initiated).toISOString()}</Initiated></Upload>`,
  );
  return `<ListMultipartUploadsResult><IsTruncated>${more}${uploads.join("")}</ListMultipartUploadsResult>`;
}

function byBytes(a: { readonly name: string }, b: { readonly name: string }): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

/** All requests ask for this encoding. */
const encoded = (name: string): string => encodeURIComponent(name).replaceAll("%2F", "/");
