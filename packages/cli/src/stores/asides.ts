/** Catalogues that were set aside because they could not be used. */
import { existsSync } from "node:fs";
import { ArchiverError, type OtherCatalogue } from "@session-archiver/core";
import type { SetAside } from "../doctor/set-aside.js";
import type { Opened } from "./opener.js";
import { isOnDisk, nameOf, type StoreSpec } from "./spec.js";

const setAsides = () => import("../doctor/set-aside.js");

/**
 * Sets the catalogue aside if it can't be used, or `isForeign`. Resolves to those from which not all was taken over yet, the newest
 * first. On a server there are no files to move: what is there is used as it is, or refused.
 */
export async function setCatalogueAside(
  store: StoreSpec,
  isForeign: boolean,
  now: number,
): Promise<readonly SetAside[]> {
  if (!isOnDisk(store)) {
    if (isForeign) throw notMoved(store);
    return [];
  }
  const { openAsides, setAside, setBrokenAside } = await setAsides();
  if (isForeign && existsSync(store.path)) await setAside(store, "it belongs to other archives", now);
  else await setBrokenAside(store, now);
  return openAsides(store);
}

function notMoved(store: StoreSpec): ArchiverError {
  const message = `The catalogue at ${nameOf(store)} belongs to other archives, and can't be set aside as files can. Name the archives that belong to it with --archives, or another schema for the new catalogue: postgres://…?schema=NAME.`;
  return new ArchiverError("INVALID_ARGUMENT", message);
}

/** The folders of databases that were set aside. Plain files stay in use. */
export async function foldersSetAside(store: StoreSpec): Promise<readonly string[]> {
  return store.kind === "sqlite" ? (await setAsides()).asideFolders(store) : [];
}

/** To take sessions over from it; `undefined` if there is nothing to open. */
export async function openAside(
  { kind }: StoreSpec,
  { path }: SetAside,
  onSkipped: (error: Error) => void,
): Promise<(Opened & OtherCatalogue) | undefined> {
  if (kind !== "sqlite") return undefined;
  const { openSqlite } = await import("@session-archiver/adapter-sqlite");
  return openSqlite(path, { onSkipped, readOnly: true });
}
