/** `kill -9` at random moments, on real sessions in real stores. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { expect, test } from "vitest";
import { KILLS, type KillOptions, runKills } from "../faults/index.js";
import { hasCorpus, NO_CORPUS } from "../machine/index.js";

interface KillTests extends Pick<KillOptions, "open" | "leftovers"> {
  /** Stores that break a promise: kills must find each of them. Each takes some time, so the adapters share them. */
  readonly weaknesses: readonly NonNullable<KillOptions["weakness"]>[];
}

export function defineKillTests({ weaknesses, ...store }: KillTests): void {
  if (!hasCorpus) console.warn(`${NO_CORPUS}: generated ones instead`);

  test(
    `${KILLS} kills lose no acknowledged byte and leave nothing behind`,
    async () => {
      const report = await runKills({ ...store, kills: KILLS });
      console.info(JSON.stringify(report));
      expect(report.kills).toBeGreaterThanOrEqual(KILLS);
      expect(report.checks).toBeGreaterThan(KILLS / 2);
    },
    KILLS * 1000 + 60_000,
  );

  test.each(weaknesses)(
    "kills find a store that %s",
    async (weakness) => {
      await expect(runKills({ ...store, kills: 400, weakness })).rejects.toThrow(/is wrong|: CORRUPT/);
    },
    120_000,
  );
}
