/** Defects in how metadata is kept. */
import type { Json, Meta, ObjectStore, StoredObject } from "@session-archiver/core";
import { inObjects, type Mutant } from "./mutant.js";

/** The store keeps `lossy(meta)` instead of the metadata. */
function keeping(lossy: (meta: Meta) => Meta): (base: ObjectStore) => Partial<ObjectStore> {
  return (base) => ({ put: (id, meta, expected, op) => base.put(id, lossy(meta), expected, op) });
}

/** Each value inside, after the values in it. */
function mapped(value: Json, change: (value: Json) => Json): Json {
  if (Array.isArray(value)) return change(value.map((item: Json) => mapped(item, change)));
  if (typeof value !== "object" || value === null) return change(value);
  const entries = Object.entries(value).map(([key, item]) => [key, mapped(item, change)] as const);
  return change(Object.fromEntries(entries));
}

const textMapped = (change: (text: string) => string): ((meta: Meta) => Meta) => {
  return (meta) => mapped(meta, (value) => (typeof value === "string" ? change(value) : value)) as Meta;
};

/** Without the entries that don't pass, at every depth. */
function filtered(pass: (key: string, value: Json) => boolean): (meta: Meta) => Meta {
  const filter = (value: Json): Json =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([key, item]) => pass(key, item)))
      : value;
  return (meta) => mapped(meta, filter) as Meta;
}

const TEXT = "all text comes back, as values and as keys";
const KINDS = "all kinds of values come back, nested too";

export const metadataMutants: readonly Mutant[] = [
  inObjects("an object with empty metadata is treated as absent", ["an empty object comes back"], (base) => ({
    async get(id, op) {
      const object = await base.get(id, op);
      return object && Object.keys(object.meta).length > 0 ? object : undefined;
    },
  })),
  inObjects(
    "empty lists and objects are dropped",
    [KINDS],
    keeping(filtered((_, value) => typeof value !== "object" || value === null || Object.keys(value).length > 0)),
  ),
  inObjects(
    "keys set to null are dropped inside values too",
    [KINDS, "a key set to null equals a missing one; null inside a value stays"],
    keeping(filtered((_, value) => value !== null)),
  ),
  inObjects(
    "true and false become 1 and 0",
    [KINDS],
    keeping((meta) => mapped(meta, (value) => (typeof value === "boolean" ? Number(value) : value)) as Meta),
  ),
  inObjects(
    "numbers are kept with single precision",
    ["numbers come back exactly"],
    keeping((meta) => mapped(meta, (value) => (typeof value === "number" ? Math.fround(value) : value)) as Meta),
  ),
  inObjects(
    "numbers over 2^32 wrap",
    ["numbers come back exactly"],
    keeping((meta) => mapped(meta, (value) => (Number.isInteger(value) ? Number(value) % 2 ** 32 : value)) as Meta),
  ),
  inObjects("text is normalised", [TEXT], keeping(textMapped((text) => text.normalize("NFC")))),
  inObjects("text ends at a NUL", [TEXT], keeping(textMapped((text) => text.split("\0")[0] ?? ""))),
  inObjects("lone surrogates become U+FFFD", [TEXT], keeping(textMapped((text) => text.toWellFormed()))),
  inObjects(
    "text becomes ASCII",
    [TEXT, "large metadata comes back"],
    keeping(textMapped((text) => text.replace(/[^\0-\x7f]/g, "?"))),
  ),
  inObjects(
    "an empty key is dropped",
    ["keys that mean something elsewhere are keys like others"],
    keeping(filtered((key) => key !== "")),
  ),
  inObjects(
    "keys with dots and dollars are dropped",
    ["keys that mean something elsewhere are keys like others"],
    keeping(filtered((key) => !/[.$]/.test(key))),
  ),
  inObjects(
    "__proto__ is assigned",
    ["a key named __proto__ is a key like others"],
    keeping((meta) => {
      const copy: Record<string, Json> = {};
      for (const [key, value] of Object.entries(meta)) copy[key] = value;
      return copy;
    }),
  ),
  inObjects(
    "values over 64 KiB are cut",
    ["large metadata comes back"],
    keeping(textMapped((text) => text.slice(0, 65_536))),
  ),
  inObjects(
    "get returns the store's own value, not a copy",
    ["changing what get or list gave doesn't reach the store"],
    (base) => {
      const own = new Map<string, StoredObject>();
      return {
        async get(id, op) {
          const object = await base.get(id, op);
          const known = own.get(id);
          if (!object || known?.version === object.version) return known;
          own.set(id, object);
          return object;
        },
      };
    },
  ),
  inObjects(
    "the store keeps the caller's value, not a copy",
    ["changing what was put doesn't reach the store"],
    (base) => {
      const own = new Map<string, Meta>();
      return {
        async put(id, meta, expected, op) {
          const version = await base.put(id, meta, expected, op);
          own.set(version, meta);
          return version;
        },
        async get(id, op) {
          const object = await base.get(id, op);
          return object && { ...object, meta: own.get(object.version) ?? object.meta };
        },
      };
    },
  ),
];
