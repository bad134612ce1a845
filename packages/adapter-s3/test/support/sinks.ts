/** Sinks on the small S3 server, each in a bucket of its own. */
import {
  type Behaviour,
  FakeBucket,
  type FakeS3,
  type Fault,
  KEYS,
  startFakeS3,
  type Watch,
} from "@session-archiver/test-kit/fake-s3";
import { onTestFinished } from "vitest";
import { openS3Archives, type S3Archives, type S3Options } from "../../src/index.js";

/** Gets `PUT a`, `POST a?uploads`, and all there is of the request. */
export type OnRequest = (request: string, watch: Watch) => Fault | undefined;

export interface FakeSink {
  readonly sink: S3Archives;
  readonly bucket: FakeBucket;
  readonly server: FakeS3;
  /** Requests since the last call: `PUT a`, `POST a?uploads`. */
  taken(): readonly string[];
  /** What becomes of later requests. */
  onRequest(fault: OnRequest): void;
  open(options?: Partial<S3Options>): Promise<S3Archives>;
}

const BUCKET = "sessions";

export async function fakeSink(
  behaviour: Partial<Behaviour> = {},
  options: Partial<S3Options> = {},
): Promise<FakeSink> {
  let requests: string[] = [];
  let fault: OnRequest = () => undefined;
  const server = await startFakeS3((watch) => {
    const text = textOf(watch);
    requests.push(text);
    return fault(text, watch);
  });
  onTestFinished(() => server.close());
  const bucket = new FakeBucket(behaviour);
  server.buckets.set(BUCKET, bucket);
  const open = (more: Partial<S3Options> = {}) =>
    openS3Archives({
      ...{ endpoint: server.url, bucket: BUCKET, credentials: KEYS, prefix: "p/", pauseMs: 0, onNotice: () => {} },
      ...options,
      ...more,
    });
  const sink = await open();
  requests = [];
  return {
    ...{ sink, bucket, server, open },
    taken() {
      const seen = requests;
      requests = [];
      return seen;
    },
    onRequest(next) {
      fault = next;
    },
  };
}

/** Without the prefix, and without what numbers an upload or a page. */
function textOf({ request: { method, key, query } }: Watch): string {
  const names = [...query.keys()].filter((name) =>
    /^(uploads|uploadId|partNumber|list-type|versioning|object-lock)$/.test(name),
  );
  return `${method} ${key.replace(/^p\//, "")}${names.length > 0 ? `?${names.join("&")}` : ""}`;
}

/** Fails the first request that matches, or the first few. */
export function failing(pattern: RegExp, fault: Fault, times = 1): OnRequest {
  let left = times;
  return (request) => (pattern.test(request) && left-- > 0 ? fault : undefined);
}
