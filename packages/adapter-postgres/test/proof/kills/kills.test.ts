/** `kill -9` of programs at random moments, on real sessions in one database. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { KILLS, runKills } from "@session-archiver/test-kit/faults";
import { hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../../src/index.js";
import { leftovers } from "../../support/leftovers.js";
import { newPool, servers, withPostgres } from "../../support/stores.js";
import { SERVER, schemaOf } from "./store.js";

if (!hasCorpus) console.warn(`${NO_CORPUS}: generated ones instead`);

/** Fewer than in the other stores: most that can go wrong in a program does so in all of them. */
const kills = Math.ceil(KILLS / 6);

withPostgres("killed programs", () => {
  test(
    `${kills} kills lose no acknowledged byte and leave nothing behind`,
    async () => {
      process.env[SERVER] = servers.postgres;
      const pool = newPool();
      onTestFinished(() => pool.end());
      const report = await runKills({
        kills,
        open: new URL("store.ts", import.meta.url).href,
        async leftovers(directory) {
          const schema = schemaOf(directory);
          return leftovers(pool, schema, await openPostgres(pool, { schema, synchronous: "normal" }));
        },
      });
      console.info(JSON.stringify(report));
      expect(report.kills).toBeGreaterThanOrEqual(kills);
      expect(report.checks).toBeGreaterThan(kills / 2);
    },
    kills * 10_000 + 120_000,
  );
});
