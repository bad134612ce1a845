/** Does what is safe about what was found. Nothing is deleted: what can't be used is set aside or quarantined. */
import { hasCode, toArchiverError } from "@session-archiver/core";
import type { AloneContext, CommandContext } from "../command.js";
import { rebuildCatalogue, rebuildText } from "../commands/rebuild.js";
import { salvageText } from "../commands/salvage.js";
import { count } from "../output/text.js";
import type { Access } from "../stores/open.js";
import { withContext } from "../with-context.js";
import type { Seen } from "./look.js";
import { placesIn } from "./places-in.js";
import { isByHome } from "./remedies.js";

/** Something to do, said before it is done. */
export interface Step {
  readonly plan: string;
  /** Resolves to what was done. */
  run(): Promise<string>;
}

const REBUILT =
  /^(catalogue-(missing|empty-file|not-a-database|cut|damaged|set-aside)|store-unreadable|object-damaged)$/;

/** In the order in which they have to be done. */
export function stepsFor(seen: readonly Seen[], alone: AloneContext): readonly Step[] {
  const files = seen.flatMap(({ repair }) => (repair ? [repair] : []));
  const remedies = new Set(seen.map(({ found }) => found?.remedy));
  const isBroken = seen.some(({ kind, severity, remedy }) => REBUILT.test(kind) && severity === "damage" && remedy);
  const steps: Step[] = [...files];
  const isForeign = remedies.has("replace");
  if (isForeign && isByHome(placesIn(alone))) steps.push(rebuilding(alone, "replace"));
  else if (!isForeign && (isBroken || remedies.has("rebuild"))) steps.push(rebuilding(alone, "anew"));
  for (const { found } of seen) {
    for (const id of found?.remedy === "salvage" ? found.ids : []) steps.push(salvaging(alone, id));
  }
  const unfinished = seen.flatMap(({ found }) => (found?.remedy === "settle" ? found.ids : []));
  if (unfinished.length > 0) steps.push(settling(alone, unfinished));
  return steps;
}

function rebuilding(alone: AloneContext, access: "anew" | "replace"): Step {
  const first = access === "replace" ? "set aside the catalogue, which belongs to other archives, and " : "";
  return {
    plan: `${first}make the catalogue anew from the archives, or give it what it lacks`,
    run: () => within(alone, access, async (context) => rebuildText(await rebuildCatalogue(context))),
  };
}

function salvaging(alone: AloneContext, id: string): Step {
  return {
    plan: `salvage ${id}, and keep what is damaged in quarantine`,
    run: () =>
      within(alone, "write", async ({ archiver, signal }) => {
        return salvageText(await archiver.salvage(id, { signal }), false);
      }),
  };
}

function settling(alone: AloneContext, ids: readonly string[]): Step {
  return {
    plan: `finish what was cut short of ${count(ids.length, "session")}`,
    run: () =>
      within(alone, "write", async ({ archiver, signal }) => {
        for (const id of ids) {
          try {
            await archiver.settle(id, { signal });
          } catch (error) {
            if (!hasCode(error, "NOT_FOUND")) throw error;
          }
        }
        return `finished ${count(ids.length, "session")}`;
      }),
  };
}

async function within(
  { options, io, output }: AloneContext,
  access: Access,
  work: (context: CommandContext) => Promise<string>,
): Promise<string> {
  let done = "";
  await withContext({ ...options, access }, io, output, async (context) => {
    done = await work(context);
    return true;
  });
  return done;
}

/** Resolves to what was done, or to why it could not be. */
export async function run(step: Step): Promise<string> {
  try {
    return await step.run();
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return `could not ${step.plan}: ${(toArchiverError(error) as Error).message}`;
  }
}
