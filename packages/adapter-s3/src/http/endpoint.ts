/** Where a bucket is. */
import { escapeUri } from "./signer.js";

export interface Endpoint {
  readonly url: URL;
  readonly bucket: string;
  /** `https://host/bucket/name` instead of `https://bucket.host/name`. */
  readonly pathStyle: boolean;
}

export type Query = Readonly<Record<string, string>>;

/** The address of an object of the bucket, or of the bucket itself. Both parts are escaped as the signature wants them. */
export function urlOf({ url, bucket, pathStyle }: Endpoint, name: string | undefined, query: Query = {}): URL {
  const base = pathStyle ? new URL(url) : new URL(`${url.protocol}//${bucket}.${url.host}`);
  const before = url.pathname.replace(/\/$/, "") + (pathStyle ? `/${escapeUri(bucket)}` : "");
  base.pathname = `${before}/${(name ?? "").split("/").map(escapeUri).join("/")}`;
  const parts = Object.entries(query).map(([key, value]) => [escapeUri(key), escapeUri(value)] as const);
  base.search = parts
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
  return base;
}
