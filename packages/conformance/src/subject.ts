/** What is tested: the ports of one adapter on one fresh, empty store. */
import type { Ports } from "@session-archiver/core";

/** What an adapter can offer; each case says which of these it needs. */
export type Feature = "objects" | "blobs" | "archives" | "reopen" | "peer";

export const FEATURES: readonly Feature[] = ["objects", "blobs", "archives", "reopen", "peer"];

/** What an adapter is taken to offer unless it says otherwise: all three ports, kept on something durable. */
export const DEFAULT_OFFERS: readonly Feature[] = ["objects", "blobs", "archives", "reopen"];

/** One empty store of its own, made by {@link Setup} for each case. */
export interface Subject extends Partial<Ports> {
  /**
   * New ports on the same stored data, as after a crash of the process: it must not wait for calls under way. The old
   * ports may stop working. Stores that keep nothing (memory) leave it out and don't list `reopen` in their offers.
   */
  readonly reopen?: (() => Promise<Partial<Ports>>) | undefined;
  /** Further ports on the same stored data, as another process would open them, used at the same time as the first. */
  readonly peer?: (() => Promise<Partial<Ports>>) | undefined;
  /** Releases and removes everything, also what `reopen` and `peer` opened. Called after each case. */
  readonly close?: (() => Promise<void>) | undefined;
}

export type Setup = () => Promise<Subject>;

/** A subject that has these features. */
export type Offering<F extends Feature> = Subject & { readonly [K in F]-?: NonNullable<Subject[K]> };

export function offering<F extends Feature>(subject: Subject, features: readonly F[]): Offering<F> {
  if (has(subject, features)) return subject;
  const missing = features.filter((feature) => subject[feature] === undefined);
  throw new Error(`setup() returned no ${missing.join(", ")}: add it, or leave it out of the adapter's offers.`);
}

/** Fails unless the subject is exactly what the adapter says it offers, so that no case is left out by accident. */
export function checkOffers(subject: Subject, offers: readonly Feature[]): void {
  offering(subject, offers);
  const unlisted = FEATURES.filter((feature) => subject[feature] !== undefined && !offers.includes(feature));
  if (unlisted.length === 0) return;
  throw new Error(`setup() returned ${unlisted.join(", ")}, which the adapter's offers don't list: add it to them.`);
}

function has<F extends Feature>(subject: Subject, features: readonly F[]): subject is Offering<F> {
  return features.every((feature) => subject[feature] !== undefined);
}
