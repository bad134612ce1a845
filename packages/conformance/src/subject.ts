/** What is tested: the ports of one adapter on one fresh, empty store, or what takes files from other programs. */
import type { ObjectStore, OwnMeta, Ports } from "@session-archiver/core";
import type { ForeignFiles } from "./foreign/foreign-files.js";

/** What an adapter can offer; each case says which of these it needs. */
export type Feature =
  | "objects"
  | "blobs"
  | "archives"
  | "ownMeta"
  | "listNewest"
  | "claim"
  | "reopen"
  | "peer"
  | "damage"
  | "foreign-writer";

/** All that a store can offer. */
export const FEATURES: readonly Feature[] = [
  "objects",
  "blobs",
  "archives",
  "ownMeta",
  "listNewest",
  "claim",
  "reopen",
  "peer",
  "damage",
];

/** What only something offers that takes files away from the programs that write them. */
export const FOREIGN_FEATURES: readonly Feature[] = ["foreign-writer"];

export const ALL_FEATURES: readonly Feature[] = [...FEATURES, ...FOREIGN_FEATURES];

/** What an adapter offers unless it says otherwise: all three ports, on durable storage. */
export const DEFAULT_OFFERS: readonly Feature[] = ["objects", "blobs", "archives", "ownMeta", "reopen"];

/** One empty store of its own, made by {@link Setup} for each case. */
export interface Subject extends Partial<Ports> {
  /**
   * New ports on the same stored data, as after a crash of the process: it must not wait for calls under way. The old
   * ports may stop working. Stores that keep nothing (memory) leave it out and don't list `reopen` in their offers.
   */
  readonly reopen?: (() => Promise<Partial<Ports>>) | undefined;
  /** Further ports on the same stored data, as another process would open them. Both are used at the same time. */
  readonly peer?: (() => Promise<Partial<Ports>>) | undefined;
  /** Makes the stored form of this object (a row, a file, a value) unreadable, without using the ports. */
  readonly damage?: ((id: string) => Promise<void>) | undefined;
  /** Takes files away from programs that take no lock of ours: the feature `foreign-writer`. */
  readonly foreignFiles?: ForeignFiles | undefined;
  /** Releases and removes everything, including what `reopen` and `peer` opened. Called after each case. */
  readonly close?: (() => Promise<void>) | undefined;
}

export type Setup = () => Promise<Subject>;

/** Members of the object port, not of the subject. */
type ObjectFeature = "ownMeta" | "listNewest" | "claim";
/** `foreign-writer` has another name in the subject. */
type Member = Exclude<Feature, ObjectFeature | "foreign-writer">;

type WithOwnMeta = { readonly objects: ObjectStore & { readonly ownMeta: OwnMeta } };
type WithListNewest = { readonly objects: NewestFirst };
type WithClaim = { readonly objects: Claimable };
type WithForeignFiles = { readonly foreignFiles: ForeignFiles };

/** An object store that has the optional method. */
export type NewestFirst = ObjectStore & { readonly listNewest: NonNullable<ObjectStore["listNewest"]> };

/** An object store that has the optional method. */
export type Claimable = ObjectStore & { readonly claim: NonNullable<ObjectStore["claim"]> };

/** A subject that has these features. */
export type Offering<F extends Feature> = Subject & {
  readonly [K in F & Member]-?: NonNullable<Subject[K]>;
} & ("ownMeta" extends F ? WithOwnMeta : unknown) &
  ("listNewest" extends F ? WithListNewest : unknown) &
  ("claim" extends F ? WithClaim : unknown) &
  ("foreign-writer" extends F ? WithForeignFiles : unknown);

export function offering<F extends Feature>(subject: Subject, features: readonly F[]): Offering<F> {
  if (hasAll(subject, features)) return subject;
  const missing = features.filter((feature) => !has(subject, feature));
  throw new Error(`setup() returned no ${missing.join(", ")}: add it, or leave it out of the adapter's offers.`);
}

/** Fails unless the subject is exactly what the adapter says it offers, so that no case is left out by accident. */
export function checkOffers(subject: Subject, offers: readonly Feature[]): void {
  offering(subject, offers);
  const unlisted = ALL_FEATURES.filter((feature) => has(subject, feature) && !offers.includes(feature));
  if (unlisted.length === 0) return;
  throw new Error(`setup() returned ${unlisted.join(", ")}, which the adapter's offers don't list: add it to them.`);
}

function has(subject: Subject, feature: Feature): boolean {
  if (feature === "ownMeta" || feature === "listNewest" || feature === "claim") {
    return subject.objects?.[feature] !== undefined;
  }
  return subject[feature === "foreign-writer" ? "foreignFiles" : feature] !== undefined;
}

function hasAll<F extends Feature>(subject: Subject, features: readonly F[]): subject is Offering<F> {
  return features.every((feature) => has(subject, feature));
}
