/** Runs a gc without a grace period: it deletes objects that no session names at this instant. */
import type { RoleOf } from "./role.js";

export const collector: RoleOf = async ({ archiver, store, work }) => {
  for (;;) {
    await work("collect", [], () => archiver.gc({ graceDays: 0 }));
    await work("reclaim", [], async () => store.reclaim?.());
  }
};
