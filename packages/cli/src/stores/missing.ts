/** The message if a store is to be read but does not exist. */
import { existsSync } from "node:fs";
import { ArchiverError } from "@session-archiver/core";
import { openerOf } from "./openers.js";
import type { Places } from "./places.js";
import { nameOf } from "./spec.js";

/** `NOT_FOUND` if there is neither a catalogue nor anything to make one from: the place may be misspelt. */
export async function requireSomething({ home, store, sink }: Places): Promise<void> {
  if ((await openerOf(store).hasStore()) || (await openerOf(sink).hasArchives())) return;
  const message = `There is neither a catalogue ${nameOf(store)} nor are there archives in ${nameOf(sink)}: name another home than "${home}" with --home.`;
  throw new ArchiverError("NOT_FOUND", message);
}

/** `NOT_FOUND`, with the place that was looked at and the option that names another. */
export async function missingStore(places: Places): Promise<ArchiverError> {
  return new ArchiverError("NOT_FOUND", await whatIsMissing(places));
}

async function whatIsMissing({ home, store, sink, named }: Places): Promise<string> {
  if (named.store)
    return `There is no store at ${nameOf(store)}: name another with --store, or import sessions into it.`;
  const advice = "name another with --home; or import sessions, or sweep an agent's folder, to make it.";
  if (!existsSync(home)) return `There is no home at "${home}": ${advice}`;
  if (await openerOf(sink).hasArchives()) {
    return `There are archives in ${nameOf(sink)}, but not the catalogue that belongs to them, ${nameOf(store)}. If it was lost, \`session-archiver rebuild\` makes it anew from the archives; or name another home with --home.`;
  }
  return `There is no store in the home "${home}": ${advice}`;
}

export function missingArchives({ sink }: Pick<Places, "sink">): ArchiverError {
  return new ArchiverError("NOT_FOUND", `There are no archives at ${nameOf(sink)}: name others with --archives.`);
}
