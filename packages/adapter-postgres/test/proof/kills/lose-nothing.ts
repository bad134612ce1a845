/** Kills programs whose sessions are in a database of the tests, and looks what they have lost or left behind. */
import { runKills } from "@session-archiver/test-kit/faults";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../../src/index.js";
import { leftovers } from "../../support/leftovers.js";
import { newPool, servers } from "../../support/stores.js";
import { SERVER, schemaOf } from "./store.js";

interface Killed {
  /** The module that opens the store. */
  readonly store: URL;
  /** What is left elsewhere than in the database, of the store in a directory. */
  readonly leftElsewhere?: (directory: string) => Promise<readonly string[]>;
}

/** `begin` is called when the test begins. */
export function killsLoseNothing(kills: number, begin: () => Promise<Killed>): void {
  test(
    `${kills} kills lose no acknowledged byte and leave nothing behind`,
    async () => {
      const { store, leftElsewhere = async () => [] } = await begin();
      process.env[SERVER] = servers.postgres;
      const pool = newPool();
      onTestFinished(() => pool.end());
      const report = await runKills({
        kills,
        open: store.href,
        async leftovers(directory) {
          const schema = schemaOf(directory);
          const opened = await openPostgres(pool, { schema, synchronous: "normal" });
          return [...(await leftovers(pool, schema, opened)), ...(await leftElsewhere(directory))];
        },
      });
      console.info(JSON.stringify(report));
      expect(report.kills).toBeGreaterThanOrEqual(kills);
      expect(report.checks).toBeGreaterThan(kills / 2);
    },
    kills * 10_000 + 120_000,
  );
}
