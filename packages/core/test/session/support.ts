/** A session in the archive, under a policy. */
import type { Policy } from "../../src/index.js";
import { IDLE, jsonl, makeSession, type World, world } from "../support.js";

export async function archived(policy: Partial<Policy> = {}, ports: Partial<World["ports"]> = {}): Promise<World> {
  const w = world({ policy, ...ports });
  await makeSession(w, "s", text, IDLE);
  await w.archiver.archive("s");
  return w;
}

export const text = jsonl(5);
