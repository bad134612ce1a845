/** A small S3 server for pages, which comes from another origin than they do. */
import { FakeBucket, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import type { TestProject } from "vitest/node";

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
