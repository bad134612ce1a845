/** Which store is meant, as people write it. */
import { InvalidArgumentError } from "commander";
import { absolutePath } from "../arguments.js";

/** A store in files of this machine. */
export interface FileSpec {
  readonly kind: "sqlite" | "fs";
  readonly path: string;
}

export type StoreSpec = FileSpec;

export function storeArgument(text: string): StoreSpec {
  const [, kind, path] = /^(sqlite|fs):(.+)$/s.exec(text) ?? [];
  if ((kind === "sqlite" || kind === "fs") && path !== undefined && !path.includes("\0")) return { kind, path };
  throw new InvalidArgumentError("Write it as sqlite:FILE or fs:DIR.");
}

/** With an absolute path. */
export function resolvedSpec(spec: StoreSpec, cwd: string): StoreSpec {
  return { ...spec, path: absolutePath(spec.path, cwd) };
}

/** As it can be given again. */
export function specText({ kind, path }: StoreSpec): string {
  return `${kind}:${path}`;
}

/** As messages name it. */
export function nameOf({ path }: StoreSpec): string {
  return `"${path}"`;
}

export function isSameStore(a: StoreSpec, b: StoreSpec): boolean {
  return specText(a) === specText(b);
}
