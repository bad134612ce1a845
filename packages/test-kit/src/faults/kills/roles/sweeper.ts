/** A host's regular sweep. It archives all idle sessions; here all sessions count as idle. */
import type { RoleOf } from "./role.js";

export const sweeper: RoleOf = async ({ archiver, work }) => {
  for (;;) {
    await work("sweep", [], async () => {
      const report = await archiver.sweep({ inactiveDays: 0, graceDays: Number.POSITIVE_INFINITY });
      // A session that keeps changing, or was pruned and is in use again, is left for the next sweep.
      const failures = report.failures.filter(({ code }) => code !== "CONFLICT" && code !== "PRUNED");
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
    });
  }
};
