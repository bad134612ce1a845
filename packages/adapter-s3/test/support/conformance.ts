/** The suite on sinks in a bucket, with sessions in memory beside them. */
import { type Case, cases, conformance, FEATURES, modelCases } from "@session-archiver/conformance";
import { memoryPorts } from "@session-archiver/core";
import { describe, test } from "vitest";
import { type CreateOnly, openS3Archives, type S3Options } from "../../src/index.js";

const MIB = 1024 * 1024;
const PART_BYTES = 5 * MIB;

const ours = (all: readonly Case[]) => all.filter(({ needs }) => needs.includes("archives"));

/** What concerns sinks, and histories whose bodies are about as long as one part, and as two. */
export const ALL_CASES: readonly Case[] = [
  ...ours(cases).filter(({ concern }) => concern !== "Random histories"),
  ...ours(modelCases({ histories: 1, steps: 25, sizes: [0, PART_BYTES, 2 * PART_BYTES] })),
];
/** What concerns sinks alone, which depends on the server most. */
export const SINK_CASES: readonly Case[] = ALL_CASES.filter(({ needs }) => !needs.includes("objects"));

export interface EmptyBucket extends Pick<S3Options, "endpoint" | "bucket" | "credentials" | "prefix"> {
  close(): Promise<void>;
}

export function conforms(
  name: string,
  createOnly: CreateOnly | undefined,
  newBucket: () => Promise<EmptyBucket>,
  suite: readonly Case[],
): void {
  const setup = async () => {
    const { close, ...bucket } = await newBucket();
    const open = () => openS3Archives({ ...bucket, createOnly, partBytes: PART_BYTES, onNotice: () => {} });
    const { objects, blobs } = memoryPorts();
    const again = async () => ({ objects, blobs, archives: await open() });
    return { ...(await again()), reopen: again, peer: again, close };
  };
  conformance({ describe, test }, name, setup, { offers: FEATURES.filter((one) => one !== "damage"), cases: suite });
}
