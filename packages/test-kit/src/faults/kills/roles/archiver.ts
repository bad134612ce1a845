/** Archives and restores sessions, and reads them. */
import { toBytes } from "@session-archiver/core";
import type { RoleOf } from "./role.js";

export const archiver: RoleOf = async ({ archiver, random, sessions, work }) => {
  for (;;) {
    const { id } = random.pick(sessions);
    const steps = [
      () => work(`archive ${id}`, ["CONFLICT", "PRUNED", "NOT_FOUND"], () => archiver.archive(id)),
      () =>
        // INVALID_ARGUMENT: it is not archived.
        work(`restore ${id}`, ["CONFLICT", "PRUNED", "NOT_FOUND", "INVALID_ARGUMENT"], () =>
          archiver.restore(id, { keepArchive: random.chance(0.1) }),
        ),
      () => work(`settle ${id}`, ["CONFLICT", "NOT_FOUND"], () => archiver.settle(id)),
      () => work(`verify ${id}`, ["CONFLICT", "PRUNED", "NOT_FOUND"], () => archiver.verify(id)),
      () => work(`tail ${id}`, ["PRUNED", "NOT_FOUND"], () => toBytes(archiver.tail(id, 1 + random.below(40)))),
    ];
    await steps[random.pick([0, 0, 0, 0, 1, 1, 1, 2, 3, 4])]?.();
  }
};
