/** Reads the name of a store, as people write it. */
import { InvalidArgumentError } from "commander";
import { UsageError } from "../usage-error.js";
import type { StoreSpec } from "./spec.js";

const FORMS = "Write it as sqlite:FILE, fs:DIR, postgres://USER@HOST/DATABASE or, for archives, s3://BUCKET/PREFIX.";

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
  if (/^s3:./.test(text)) return { kind: "s3", url: text.replace(/^s3:(\/\/)?/, "s3://") };
  if (!/^postgres(ql)?:\/\//.test(text)) return FORMS;
  // What is in it is looked at by `resolvedSpec`: not every start needs that.
  return { kind: "postgres", url: text.replace(/^postgresql:/, "postgres:") };
}
