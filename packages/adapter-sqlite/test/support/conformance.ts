import { cases as allCases, type Case, conformance } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { databaseFile, type Open } from "./stores.js";

/** Runs the conformance suite on stores opened in this way. */
export function conforms(name: string, open: Open, cases: readonly Case[] = allCases): void {
  const setup = async () => {
    const file = databaseFile();
    const first = await open(file);
    const opened = [first];
    const again = async () => {
      const next = await open(file);
      opened.push(next);
      return next.store;
    };
    const { objects, blobs, archives } = first.store;
    const close = async () => void (await Promise.all(opened.map((each) => each.close())));
    return { objects, blobs, archives, reopen: again, peer: again, close };
  };
  conformance({ describe, test }, name, setup, { offers: ["objects", "blobs", "archives", "reopen", "peer"], cases });
}
