/** Where the stores lie that the options mean. */
import { join } from "node:path";
import { defaultHome } from "@session-archiver/adapter-fs";
import { absolutePath } from "../arguments.js";
import { resolvedSpec, type StoreSpec } from "./spec.js";

/** What says which stores are meant. */
export interface PlaceOptions {
  readonly home?: string | undefined;
  readonly store?: StoreSpec | undefined;
  readonly archives?: StoreSpec | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The stores that the options mean. */
export interface Places {
  readonly home: string;
  readonly store: StoreSpec;
  readonly sink: StoreSpec;
  /** Whether each was named itself, or follows from the home. */
  readonly named: { readonly store: boolean; readonly sink: boolean };
}

export function placesOf(options: PlaceOptions): Places {
  const home = homeOf(options);
  const store = resolvedSpec(options.store ?? { kind: "sqlite", path: join(home, "sessions.db") }, options.cwd);
  const sink = resolvedSpec(options.archives ?? { kind: "fs", path: join(home, "archives") }, options.cwd);
  return { home, store, sink, named: { store: options.store !== undefined, sink: options.archives !== undefined } };
}

function homeOf({ home, env, cwd }: PlaceOptions): string {
  const named = home ?? env["SESSION_ARCHIVER_HOME"];
  return named ? absolutePath(named, cwd) : defaultHome();
}
