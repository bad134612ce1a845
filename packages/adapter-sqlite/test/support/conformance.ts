import { cases as allCases, type Case, conformance, FEATURES, type Subject } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { databaseFile, type Open, tamper } from "./stores.js";

/** How the suite damages a row. */
const quiet = { onSkipped: () => {} };

/** Gives space back in the middle of a random history. */
export async function reclaim(subject: Subject): Promise<void> {
  await (subject as Subject & { reclaim(): Promise<unknown> }).reclaim();
}

/** Runs the conformance suite on stores opened in this way. */
export function conforms(name: string, open: Open, cases: readonly Case[] = allCases): void {
  const setup = async () => {
    const file = databaseFile();
    const first = await open(file, quiet);
    const opened = [first];
    const again = async () => {
      const next = await open(file, quiet);
      opened.push(next);
      return next.store;
    };
    const { objects, blobs, archives } = first.store;
    const close = async () => void (await Promise.all(opened.map((each) => each.close())));
    const damage = async (id: string) =>
      tamper(file, `UPDATE sa_objects SET meta = substr(meta, 2) WHERE id = CAST('${id}' AS BLOB)`);
    const reclaim = () => first.store.reclaim();
    return { objects, blobs, archives, reopen: again, peer: again, damage, close, reclaim };
  };
  conformance({ describe, test }, name, setup, { offers: FEATURES, cases });
}
