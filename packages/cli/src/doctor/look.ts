/** All that doctor finds: first by the files, then, if the stores can be opened, by what is in them. */
import { existsSync } from "node:fs";
import { type Archiver, type Finding as Found, hasCode, toArchiverError } from "@session-archiver/core";
import type { AloneContext } from "../command.js";
import { openerOf } from "../stores/openers.js";
import type { Places } from "../stores/places.js";
import { isOnDisk, isSameStore } from "../stores/spec.js";
import { unlessAborted } from "../stores/unless-aborted.js";
import { withContext } from "../with-context.js";
import type { Finding } from "./finding.js";
import { type DoctorPlaces, placeFindings, realProbes } from "./places.js";
import { placesIn } from "./places-in.js";
import { remedyText, replacingText, withStores } from "./remedies.js";
import { serverFindings } from "./server-findings.js";

export interface LookOptions {
  /** Reads no archives. */
  readonly quick?: boolean | undefined;
  /** Archive files younger than this many days may be in the making. */
  readonly grace?: number | undefined;
}

/** A finding, and for one of the library's what it knows of it. */
export type Seen = Finding & { readonly found?: Found | undefined };

/** Findings after which opening the store would fail, or hide what is wrong. */
const CLOSED =
  /^((catalogue|archives)-(missing|empty-file|not-a-database|cut|unreadable|newer|damaged)|no-store|placeholders|not-looked-at)$/;

const TAKE_IN = "only if its catalogue was lost: session-archiver rebuild --store-id ID";

export async function lookAround(alone: AloneContext, options: LookOptions): Promise<readonly Seen[]> {
  const places = placesIn(alone);
  const seen: Seen[] = [];
  for await (const finding of fromOutside(places, alone))
    seen.push({ ...finding, remedy: finding.remedy && withStores(finding.remedy, alone.options) });
  const closing = seen.find(
    ({ kind, severity }) => CLOSED.test(kind) && (severity === "damage" || kind === "no-store"),
  );
  if (closing) return [...seen, ...(await inAgentsFolders(alone, options))];
  try {
    const damage = await damageIn(places, alone);
    return [
      ...seen,
      ...(damage ? [damage, ...(await inAgentsFolders(alone, options))] : await inside(places, alone, options)),
    ];
  } catch (error) {
    return [...seen, unreadable(error, alone.options)];
  }
}

async function* fromOutside(places: Places, { io }: AloneContext): AsyncGenerator<Finding> {
  const { home, store, sink } = places;
  const onDisk: DoctorPlaces = {
    home,
    store: isOnDisk(store) ? store : undefined,
    sink: isOnDisk(sink) ? sink : undefined,
    // Of a server that can't be reached there is a finding of its own.
    hasArchives: () => unlessAborted(openerOf(sink).hasArchives(), io.signal).catch(() => false),
    env: io.env,
    platform: process.platform,
    probes: { ...realProbes(), ...(io.now && { now: io.now }) },
  };
  yield* placeFindings(onDisk);
  yield* serverFindings(places, onDisk, io.signal);
}

/** `archiver`: if the catalogue can be used. */
async function inAgentsFolders(
  alone: AloneContext,
  { quick }: LookOptions,
  archiver?: Archiver,
): Promise<readonly Seen[]> {
  const { agentFindings, findingsByName } = await import("./agents.js");
  const options = { quick, signal: alone.io.signal };
  const found = archiver ? await agentFindings(alone, archiver, options) : await findingsByName(alone, options);
  return found.map((finding) => ({ ...finding, remedy: finding.remedy && withStores(finding.remedy, alone.options) }));
}

/** `ABORTED` is no damage. */
function unreadable(error: unknown, options: AloneContext["options"]): Seen {
  if (hasCode(error, "ABORTED")) throw error;
  const { message, code } = toArchiverError(error) as Error & { readonly code: string };
  const remedy = code === "CORRUPT" ? remedyText("rebuild", [], options) : null;
  return { kind: "store-unreadable", severity: "damage", message, sessions: [], remedy };
}

/** Reads the databases' structure. Their contents are looked at by the archiver. */
async function damageIn({ store, sink }: Places, { options }: AloneContext): Promise<Seen | undefined> {
  const { findDamage } = await import("@session-archiver/adapter-sqlite");
  for (const spec of [store, sink]) {
    if (spec.kind !== "sqlite") continue;
    const { path } = spec;
    // Where there is none, the archiver says so.
    const damage = existsSync(path) ? await findDamage(path) : undefined;
    if (damage === undefined) continue;
    const isStore = isSameStore(spec, store);
    return {
      kind: isStore ? "catalogue-damaged" : "archives-damaged",
      severity: "damage",
      message: `The database "${path}" is damaged: ${damage}`,
      sessions: [],
      remedy: isStore ? remedyText("rebuild", [], options) : "put a backup of it back",
    };
  }
  return undefined;
}

async function inside(places: Places, alone: AloneContext, { quick, grace }: LookOptions): Promise<readonly Seen[]> {
  const { options, io, output } = alone;
  const seen: Seen[] = [];
  const silent = { ...output, note: () => undefined };
  try {
    await withContext({ ...options, access: "read" }, io, silent, async ({ archiver, signal, unreadable }) => {
      for await (const found of archiver.examine({ quick: quick === true, graceDays: grace, signal })) {
        const { kind, severity, message, ids, remedy } = found;
        const words =
          kind === "other-stores"
            ? withStores(TAKE_IN, options)
            : remedy === "replace"
              ? replacingText(places, options)
              : remedyText(remedy, ids, options);
        seen.push({ kind, severity, message, sessions: ids, remedy: words, found });
      }
      for (const { message } of unreadable) seen.push(unreadableObject(message, options));
      seen.push(...(await inAgentsFolders(alone, { quick }, archiver)));
      return true;
    });
  } catch (error) {
    seen.push(unreadable(error, options));
  }
  return seen;
}

function unreadableObject(message: string, options: AloneContext["options"]): Seen {
  const remedy = remedyText("rebuild", [], options);
  return { kind: "object-damaged", severity: "damage", message, sessions: [], remedy };
}
