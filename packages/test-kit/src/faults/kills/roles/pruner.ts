/**
 * Sets tombstones, and sometimes takes them back, on sessions of which it is also the only writer. So it is always known
 * whether their bytes were given up before or after an append.
 */
import { type ErrorCode, hasCode } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import type { Operation } from "../model.js";
import { agentOf } from "./appender.js";
import type { RoleContext, RoleOf } from "./role.js";

export const pruner: RoleOf = async (context) => {
  const { archiver, random, sessions, work } = context;
  const agents = sessions.map((session) => agentOf(context, session));
  for (;;) {
    const agent = random.pick(agents);
    const { id } = agent;
    for (let pieces = random.below(3); pieces >= 0; pieces--) await agent.append();
    await work(`archive ${id}`, ["CONFLICT"], () => archiver.archive(id));
    for (let turns = random.below(4); turns > 0; turns--) {
      await tombstone(context, id);
      await undo(context, id);
    }
    await tombstone(context, id);
    if (random.chance(0.5)) {
      await purge(context, id);
      if (random.chance(0.5)) await undo(context, id); // it is too late, or it wasn't pruned
    } else if (random.chance(0.7)) await undo(context, id);
    // Otherwise the next append takes the tombstone back.
  }
};

async function tombstone(context: RoleContext, id: string): Promise<void> {
  // Another process may have restored it meanwhile. Then it can't be pruned (INVALID_ARGUMENT).
  await change(context, id, { kind: "prune" }, ["CONFLICT", "INVALID_ARGUMENT"], () =>
    context.archiver.pruneSession(id),
  );
}

async function undo(context: RoleContext, id: string): Promise<void> {
  // INVALID_ARGUMENT: it is not pruned.
  await change(context, id, { kind: "undo" }, ["PRUNED", "INVALID_ARGUMENT", "CONFLICT"], () =>
    context.archiver.undoPrune(id),
  );
}

/** All tombstones are due, those of other sessions too. */
async function purge({ archiver, store, sessions, note, work }: RoleContext, id: string): Promise<void> {
  const operation: Operation = { kind: "purge" };
  const others = sessions.filter((session) => session.id !== id).map((session) => session.id);
  for (const each of [id, ...others]) note({ note: "begin", id: each, operation });
  await work("prune", [], () => archiver.prune({ graceDays: 0, maxTotalBytes: Number.POSITIVE_INFINITY }));
  for (const each of [id, ...others]) {
    // If another process was changing its object, it is left for the next prune. If it was being restored, it is in use.
    const isPurged = (await store.objects.get(each))?.meta[KEY.purgedAt] !== undefined;
    note({ note: isPurged ? "done" : "unclear", id: each });
  }
}

async function change(
  { note, work }: RoleContext,
  id: string,
  operation: Operation,
  codes: readonly ErrorCode[],
  step: () => Promise<void>,
): Promise<void> {
  note({ note: "begin", id, operation });
  await work(`${operation.kind} ${id}`, [], async () => {
    try {
      await step();
      note({ note: "done", id });
    } catch (error) {
      const code = codes.find((each) => hasCode(error, each));
      if (code === undefined) throw error;
      note({ note: "refused", id, code });
    }
  });
}
