/**
 * Content that no blob and no archive refers to is on a list, the object store `loose`. It is pending while a stream is
 * written to it, and orphaned once its name was deleted or its writer is gone.
 *
 * Naming content and taking it off the list is one transaction, and so is the reverse. So after a crash the list holds
 * what is to be deleted and what other tabs still write, and nothing else. A writer holds a Web Lock; its row gives the
 * lock's name as the owner. The browser releases the lock however the tab or worker ends, so getting it proves that the
 * writer is gone. The owner is then cleared in one transaction, and the bytes are deleted in later ones. A writer whose
 * owner was cleared finds out in its next transaction and gives up with `UNAVAILABLE`: half a stream is never published.
 * Without Web Locks, a writer counts as gone when it has stored nothing for a day.
 */
import { ArchiverError, randomToken } from "@session-archiver/core/adapter";
import { hold } from "./locks.js";
import type { Tx } from "./schema.js";

/** A tab or worker that writes one stream. */
export interface Writer {
  readonly owner: string;
  release(): void;
}

/** Starts a write; the writer counts as alive until its release. */
export async function startWriter(database: string): Promise<Writer> {
  const owner = randomToken();
  return { owner, release: await hold(lockOf(database, owner)) };
}

export function lockOf(database: string, owner: string): string {
  return `session-archiver:${database}:writer:${owner}`;
}

/**
 * Notes that the owner still writes the content; without a content id, that it begins. Resolves to the content id, which
 * is never one that was given before. `UNAVAILABLE` if the owner was cleared.
 */
export async function keepPending(tx: Tx, contentId: number | undefined, owner: string): Promise<number> {
  await requireOwner(tx, contentId, owner);
  return putLoose(tx, contentId, owner);
}

/** Takes content off the list, since it is named in this transaction. Resolves and throws as {@link keepPending}. */
export async function publish(tx: Tx, contentId: number | undefined, owner: string): Promise<number> {
  await requireOwner(tx, contentId, owner);
  const published = contentId ?? (await putLoose(tx, contentId, owner));
  await tx.objectStore("loose").delete(published);
  return published;
}

/** Notes that content is orphaned. */
export function orphan(tx: Tx, contentId: number): Promise<number> {
  return putLoose(tx, contentId, null);
}

function putLoose(tx: Tx, contentId: number | undefined, owner: string | null): Promise<number> {
  return tx.objectStore("loose").put({ owner, seenAt: Date.now() }, contentId);
}

async function requireOwner(tx: Tx, contentId: number | undefined, owner: string): Promise<void> {
  const row = contentId === undefined ? { owner } : await tx.objectStore("loose").get(contentId);
  if (row?.owner === owner) return;
  const message = "This write was given up for dead after a long pause, and its bytes deleted. Start it again.";
  throw new ArchiverError("UNAVAILABLE", message);
}
