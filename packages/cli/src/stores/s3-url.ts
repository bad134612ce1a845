/** A bucket as people write it: `s3://BUCKET/PREFIX?endpoint=…`. No secret has a place in it. */

const PARAMETERS = ["endpoint", "region", "path_style", "create_only", "storage_class"] as const;

export interface Bucket {
  readonly bucket: string;
  /** Without it, the adapter's own. */
  readonly prefix: string | undefined;
  readonly parameters: Readonly<Partial<Record<(typeof PARAMETERS)[number], string>>>;
}

export function whyNoBucket(url: string): string | undefined {
  const found = bucketIn(url);
  return typeof found === "string" ? found : undefined;
}

/** Or what is wrong with it, without the text. */
export function bucketIn(url: string): Bucket | string {
  const [, bucket, prefix, query] = /^s3:\/\/([^/?#@:]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url) ?? [];
  if (bucket === undefined) return "Write a bucket as s3://BUCKET/PREFIX. Its keys come from the environment.";
  const given = [...new URLSearchParams(query)];
  if (given.some(([name]) => !(PARAMETERS as readonly string[]).includes(name))) {
    return `The parameters of a bucket are ${PARAMETERS.join(", ")}.`;
  }
  return { bucket, prefix: prefix || undefined, parameters: Object.fromEntries(given) };
}
