/** What the tests of rewritten sources share. */
import { type ArchiverOptions, bytesOf, toBytes } from "../../../src/index.js";
import { encode, jsonl, type World, world } from "../../support.js";
import { sourceOf } from "./sources.js";

export const FIRST = jsonl(40, 1);

export const LINES = FIRST.match(/.*\n/g) ?? [];

export const FROM_3 = LINES.slice(3).join("");

/** A session with a sidecar in this state, that was imported from `FIRST`; `more` was recorded since. */
export async function sessionIn(state: string, more = "", options: Partial<ArchiverOptions> = {}): Promise<World> {
  const w = world(options);
  await w.archiver.import("s", sourceOf(FIRST));
  await w.ports.blobs.create({ id: "s", name: "times" }, "live-times", bytesOf(encode("1\n2\n")));
  if (state !== "live") await w.archiver.archive("s");
  if (state === "restored") await w.archiver.restore("s");
  if (state === "resumed") await w.archiver.import("s", sourceOf(FIRST + more));
  return w;
}

export async function versionText({ archiver }: World, version: number): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.read("s", { version })));
}
