/** One server for all test files of this package. */
import type { TestProject } from "vitest/node";
import { startCeph, whyNoCeph } from "./ceph.js";

/** Where it is, or why it is not. */
export interface Servers {
  readonly ceph: string | undefined;
  readonly missing: string | undefined;
}

declare module "vitest" {
  interface ProvidedContext {
    s3Servers: Servers;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = whyNoCeph();
  if (missing !== undefined) {
    project.provide("s3Servers", { ceph: undefined, missing });
    return undefined;
  }
  const server = await startCeph();
  project.provide("s3Servers", { ceph: server.url, missing: undefined });
  return server.remove;
}
