/** Loads an adapter's module for the command line. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ALL_FEATURES, DEFAULT_OFFERS, type Feature, type Setup } from "./subject.js";

export interface AdapterModule {
  readonly setup: Setup;
  readonly offers: readonly Feature[];
}

/** `path` is a module with a function `setup` (or as its default export) and, if needed, a list `offers`. */
export async function loadAdapter(path: string): Promise<AdapterModule> {
  const loaded = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  const { setup = loaded["default"], offers = DEFAULT_OFFERS } = loaded;
  if (typeof setup !== "function") throw new Error(`${path} must export a function "setup", or one by default.`);
  if (!Array.isArray(offers) || !offers.every(isFeature) || offers.length === 0) {
    throw new Error(`"offers" of ${path} must list what the adapter offers, out of: ${ALL_FEATURES.join(", ")}.`);
  }
  return { setup: setup as Setup, offers };
}

function isFeature(value: unknown): value is Feature {
  return ALL_FEATURES.some((feature) => feature === value);
}
