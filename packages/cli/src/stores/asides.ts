/** Catalogues that were set aside because they could not be used. */
import { existsSync } from "node:fs";
import type { OtherCatalogue } from "@session-archiver/core";
import type { SetAside } from "../doctor/set-aside.js";
import type { Opened } from "./opener.js";
import type { StoreSpec } from "./spec.js";

const setAsides = () => import("../doctor/set-aside.js");

/**
 * Sets the catalogue aside if it can't be used, or `isForeign`. Resolves to those from which not all was taken over yet, the newest
 * first.
 */
export async function setCatalogueAside(
  store: StoreSpec,
  isForeign: boolean,
  now: number,
): Promise<readonly SetAside[]> {
  const { openAsides, setAside, setBrokenAside } = await setAsides();
  if (isForeign && existsSync(store.path)) await setAside(store, "it belongs to other archives", now);
  else await setBrokenAside(store, now);
  return openAsides(store);
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
