/** Which store is meant. */
import { absolutePath } from "../arguments.js";
import { UsageError } from "../usage-error.js";
import { shownUrl, whyNoUrl } from "./postgres-url.js";
import { whyNoBucket } from "./s3-url.js";

/** A store in files of this machine. */
export interface FileSpec {
  readonly kind: "sqlite" | "fs";
  readonly path: string;
}

/** A store in a database of a PostgreSQL server. */
export interface PostgresSpec {
  readonly kind: "postgres";
  /** It may hold a password: print `nameOf` or `specText`. */
  readonly url: string;
}

/** Archives in a bucket. */
export interface BucketSpec {
  readonly kind: "s3";
  readonly url: string;
  /** In which the tools of S3 look for keys, region and endpoint. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type StoreSpec = FileSpec | PostgresSpec | BucketSpec;

export function isOnDisk(spec: StoreSpec): spec is FileSpec {
  return "path" in spec;
}

/** A path is made absolute. A `UsageError` for a connection string or bucket that could be misunderstood. */
export function resolvedSpec(spec: StoreSpec, cwd: string, env: BucketSpec["env"] = {}): StoreSpec {
  if (isOnDisk(spec)) return { ...spec, path: absolutePath(spec.path, cwd) };
  const reason = spec.kind === "s3" ? whyNoBucket(spec.url) : whyNoUrl(spec.url);
  if (reason !== undefined) throw new UsageError(`This is no store. ${reason}`);
  return spec.kind === "s3" ? { ...spec, env } : spec;
}

/** As it can be given again, but for a password. */
export function specText(spec: StoreSpec): string {
  return isOnDisk(spec) ? `${spec.kind}:${spec.path}` : textOf(spec);
}

/** As messages name it. */
export function nameOf(spec: StoreSpec): string {
  return `"${isOnDisk(spec) ? spec.path : textOf(spec)}"`;
}

/** A bucket's has no secret. */
function textOf(spec: PostgresSpec | BucketSpec): string {
  return spec.kind === "s3" ? spec.url : shownUrl(spec.url);
}

export function isSameStore(a: StoreSpec, b: StoreSpec): boolean {
  return a.kind === b.kind && (isOnDisk(a) && isOnDisk(b) ? a.path === b.path : specText(a) === specText(b));
}

/** Absolute paths of those that lie on a disk of this machine. */
export function pathsOf(...specs: readonly StoreSpec[]): readonly string[] {
  return specs.filter(isOnDisk).map(({ path }) => path);
}
