/** The message if a store is to be read but does not exist. */
import { existsSync, readdirSync } from "node:fs";
import { ArchiverError } from "@session-archiver/core";
import type { StoreSpec } from "./arguments.js";
import type { Places } from "./store-places.js";

/** `NOT_FOUND`, with the path that was looked at and the option that names another. */
export function requireStores(places: Places): void {
  const message = existsSync(places.store.path) ? missingSink(places) : missingStore(places);
  if (message !== undefined) throw new ArchiverError("NOT_FOUND", message);
}

/** `NOT_FOUND` if there is neither a catalogue nor anything to make one from: the place may be misspelt. */
export function requireSomething({ home, store, sink }: Places): void {
  if (existsSync(store.path) || holdsFiles(sink)) return;
  const message = `There is neither a catalogue "${store.path}" nor are there archives in "${sink.path}": name another home than "${home}" with --home.`;
  throw new ArchiverError("NOT_FOUND", message);
}

function missingStore({ home, store, sink, named }: Places): string {
  if (named.store)
    return `There is no store at "${store.path}": name another with --store, or import sessions into it.`;
  const advice = "name another with --home; or import sessions, or sweep an agent's folder, to make it.";
  if (!existsSync(home)) return `There is no home at "${home}": ${advice}`;
  if (holdsFiles(sink)) {
    return `There are archives in "${sink.path}", but not the catalogue that belongs to them, "${store.path}". If it was lost, \`session-archiver rebuild\` makes it anew from the archives; or name another home with --home.`;
  }
  return `There is no store in the home "${home}": ${advice}`;
}

/** The first archive creates the folder; until then it is missing, which is fine. */
function missingSink({ sink, named }: Places): string | undefined {
  if (!named.sink || sink.kind === "fs" || existsSync(sink.path)) return undefined;
  return `There are no archives at "${sink.path}": name others with --archives.`;
}

function holdsFiles({ kind, path }: StoreSpec): boolean {
  if (!existsSync(path)) return false;
  return kind === "sqlite" || readdirSync(path).some((name) => !name.startsWith("."));
}
