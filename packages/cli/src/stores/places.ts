/** Where the stores lie that the options mean. */
import { join } from "node:path";
import { defaultHome } from "@session-archiver/adapter-fs";
import { absolutePath } from "../arguments.js";
import { UsageError } from "../usage-error.js";
import { storeIn } from "./argument.js";
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

/** The variables that name stores where the command line names neither a store nor a home. */
export const STORE_VARIABLES = { store: "SESSION_ARCHIVER_STORE", archives: "SESSION_ARCHIVER_ARCHIVES" } as const;

/** A `UsageError` if a variable of the environment names no store. */
export function placesOf(options: PlaceOptions): Places {
  const { cwd, env: all } = options;
  const home = homeOf(options);
  // A home that was typed is meant with all that it holds.
  const env = options.home === undefined ? options.env : {};
  const named = {
    store: options.store ?? storeIn(env, STORE_VARIABLES.store),
    archives: options.archives ?? storeIn(env, STORE_VARIABLES.archives),
  };
  if (named.store?.kind === "s3") {
    throw new UsageError(
      "A bucket holds archives alone: name it with --archives, and a database or folder with --store.",
    );
  }
  return {
    home,
    store: resolvedSpec(named.store ?? { kind: "sqlite", path: join(home, "sessions.db") }, cwd),
    sink: resolvedSpec(named.archives ?? { kind: "fs", path: join(home, "archives") }, cwd, all),
    named: { store: named.store !== undefined, sink: named.archives !== undefined },
  };
}

function homeOf({ home, env, cwd }: PlaceOptions): string {
  const named = home ?? env["SESSION_ARCHIVER_HOME"];
  return named ? absolutePath(named, cwd) : defaultHome();
}
