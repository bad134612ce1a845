/** One call of a random history, as a port of the store and of the model takes it. */
import type { BlobRef, Ports } from "@session-archiver/core";
import { below, oneOf, type Random } from "../support/random.js";

/** What a client of the ports remembers, so that it can also use outdated versions and refs. */
export interface Client {
  readonly ports: Ports;
  /** All ids and keys of a history begin with it, so no other history meets them. */
  readonly prefix: string;
  /** For each object, the versions it has had, the newest last. */
  readonly versions: Map<string, string[]>;
  /** For each blob, the refs it has had. */
  readonly refs: Map<string, BlobRef[]>;
  /** Opens the store again. */
  reopen(): Promise<void>;
  /** Runs `ModelOptions.upkeep`. */
  upkeep(): Promise<void>;
}

export interface Step {
  /** For messages. */
  readonly text: string;
  /** Gives the result on which store and model must agree. Rejects as the port does. */
  run(client: Client): Promise<unknown>;
  /** Whether its body ends with {@link BODY_ERROR}. */
  readonly bodyFails?: boolean;
  /** Simpler variants of the step, to make a failing history smaller. */
  readonly simpler?: () => readonly Step[];
}

/** The ids and names that a history uses. They are few, so that steps meet. */
export interface Scope {
  readonly ids: readonly [string, ...string[]];
  readonly names: readonly [string, ...string[]];
  size(random: Random): number;
}

/** Makes a step; `number` is unique in its history. */
export type StepMaker = (random: Random, scope: Scope, number: number) => Step;

/** The steps of one port, and how often each comes. */
export type StepMakers = readonly (readonly [weight: number, make: StepMaker])[];

export const BODY_ERROR: Error = new RangeError("The body fails.");

export const reopen: StepMaker = () => ({ text: "open the store again", run: (client) => client.reopen() });
export const upkeep: StepMaker = () => ({ text: "upkeep", run: (client) => client.upkeep() });

/** Mostly the latest known value, now and then an earlier one. */
export function age(random: Random): number {
  return oneOf(random, [0, 0, 0, 1]);
}

export function known<T>(of: ReadonlyMap<string, readonly T[]>, name: string, back: number): T | undefined {
  return of.get(name)?.at(-1 - back);
}

export function remember<T>(of: Map<string, T[]>, name: string, value: T): T {
  of.set(name, [...(of.get(name) ?? []), value]);
  return value;
}

/** A range that begins within the bytes, or a little after their end. */
export function rangeIn(random: Random, size: number): { readonly start: number; readonly end: number } {
  const start = below(random, size + 10);
  return { start, end: start + below(random, size + 10) };
}

/** Smaller numbers to try instead of this one. */
export function smaller(size: number): readonly number[] {
  return [...new Set([0, 1, size >> 1])].filter((less) => less < size);
}

/** A name in a form that can be read and copied. */
export function quoted(name: string): string {
  const text = JSON.stringify(name.length > 30 ? `${name.slice(0, 30)}…` : name);
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
