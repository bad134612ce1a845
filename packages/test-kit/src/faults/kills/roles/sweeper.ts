/** What a host runs now and then: archives all that is idle, here all that there is. */
import type { RoleOf } from "./role.js";

export const sweeper: RoleOf = async ({ archiver, work }) => {
  for (;;) {
    await work("sweep", [], async () => {
      const report = await archiver.sweep({ inactiveDays: 0, graceDays: Number.POSITIVE_INFINITY });
      // A session that keeps changing, or was pruned and is in use again, is left for the next time.
      const failures = report.failures.filter(({ code }) => code !== "CONFLICT" && code !== "PRUNED");
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
    });
  }
};
