/** Which store is meant, as people write it. */
import { InvalidArgumentError } from "commander";
import { absolutePath } from "../arguments.js";
import { UsageError } from "../usage-error.js";
import { shownUrl, whyNoUrl } from "./postgres-url.js";

/** A store in files of this machine. */
export interface FileSpec {
  readonly kind: "sqlite" | "fs";
  readonly path: string;
}

/** A store in a database of a PostgreSQL server. */
export interface PostgresSpec {
  readonly kind: "postgres";
  /** It may hold a password: print `nameOf` or `specText`. */
  readonly url: string;
}

export type StoreSpec = FileSpec | PostgresSpec;

const FORMS = "Write it as sqlite:FILE, fs:DIR or postgres://USER@HOST/DATABASE.";

export function storeArgument(text: string): StoreSpec {
  const spec = parsed(text);
  if (typeof spec !== "string") return spec;
  // The parser would repeat what was typed, which may hold a password.
  throw /[@=]|\/\//.test(text) ? new UsageError(`This is no store. ${spec}`) : new InvalidArgumentError(spec);
}

/** The store that a variable of the environment names, if it is set. */
export function storeIn(env: Readonly<Record<string, string | undefined>>, name: string): StoreSpec | undefined {
  const text = env[name];
  if (!text) return undefined;
  const spec = parsed(text);
  if (typeof spec === "string") throw new UsageError(`$${name} is no store. ${spec}`);
  return spec;
}

/** Or what is wrong with it. */
function parsed(text: string): StoreSpec | string {
  const [, kind, path] = /^(sqlite|fs):(.+)$/s.exec(text) ?? [];
  if (text.includes("\0")) return FORMS;
  if ((kind === "sqlite" || kind === "fs") && path !== undefined) return { kind, path };
  if (!/^postgres(ql)?:\/\//.test(text)) return FORMS;
  return whyNoUrl(text) ?? { kind: "postgres", url: text.replace(/^postgresql:/, "postgres:") };
}

export function isOnDisk(spec: StoreSpec): spec is FileSpec {
  return "path" in spec;
}

/** A path is made absolute. */
export function resolvedSpec(spec: StoreSpec, cwd: string): StoreSpec {
  return isOnDisk(spec) ? { ...spec, path: absolutePath(spec.path, cwd) } : spec;
}

/** As it can be given again, but for a password. */
export function specText(spec: StoreSpec): string {
  return isOnDisk(spec) ? `${spec.kind}:${spec.path}` : shownUrl(spec.url);
}

/** As messages name it. */
export function nameOf(spec: StoreSpec): string {
  return `"${isOnDisk(spec) ? spec.path : shownUrl(spec.url)}"`;
}

export function isSameStore(a: StoreSpec, b: StoreSpec): boolean {
  return a.kind === b.kind && (isOnDisk(a) && isOnDisk(b) ? a.path === b.path : specText(a) === specText(b));
}

/** Absolute paths of those that lie on a disk of this machine. */
export function pathsOf(...specs: readonly StoreSpec[]): readonly string[] {
  return specs.filter(isOnDisk).map(({ path }) => path);
}
