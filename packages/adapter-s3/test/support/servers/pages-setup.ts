/** A small S3 server for pages, which comes from another origin than they do. */
import type { TestProject } from "vitest/node";
import { FakeBucket } from "../fake/bucket.js";
import { startFakeS3 } from "../fake/server.js";

declare module "vitest" {
  interface ProvidedContext {
    s3OfPages: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startFakeS3();
  server.buckets.set("sessions", new FakeBucket({ createOnly: "put" }));
  project.provide("s3OfPages", server.url);
  return server.close;
}
