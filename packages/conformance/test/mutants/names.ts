/** Defects in how names are kept: each takes two names for one, or refuses one. */
import { ArchiverError, type BlobRef, type Ports } from "@session-archiver/core";
import { sharing } from "../subjects.js";
import { inPorts, type Mutant } from "./mutant.js";

type Fold = (name: string) => string;

/** Every name goes through `fold` before it reaches the store. */
function folding(base: Ports, fold: Fold): Ports {
  const key = ({ id, name }: BlobRef["key"]): BlobRef["key"] => ({ id: fold(id), name: fold(name) });
  const ref = (at: BlobRef): BlobRef => ({ key: key(at.key), generation: fold(at.generation), size: at.size });
  const { objects, blobs, archives } = base;
  return {
    objects: {
      ...objects,
      get: (id, op) => objects.get(fold(id), op),
      put: (id, meta, expected, op) => objects.put(fold(id), meta, expected, op),
      delete: (id, expected, op) => objects.delete(fold(id), expected, op),
    },
    blobs: {
      stat: (at, op) => blobs.stat(key(at), op),
      list: (id, op) => blobs.list(fold(id), op),
      read: (at, range, op) => blobs.read(ref(at), range, op),
      create: (at, generation, body, op) => blobs.create(key(at), fold(generation), body, op),
      append: (at, chunk, op) => blobs.append(ref(at), chunk, op),
      delete: (at, op) => blobs.delete(ref(at), op),
    },
    archives: {
      put: (name, body, op) => archives.put(fold(name), body, op),
      stat: (name, op) => archives.stat(fold(name), op),
      read: (name, range, op) => archives.read(fold(name), range, op),
      delete: (name, op) => archives.delete(fold(name), op),
      list: archives.list,
    },
  };
}

const LEGAL = [
  "object ids come back as they are, and delete takes no other with it",
  "session ids come back as they are, and delete takes no other's blobs with it",
  "blob names come back as they are, and delete takes no other with it",
  "generations come back as they are, and none passes for another",
  "sink keys come back as they are, and delete takes no other with it",
];

const ILLEGAL = [
  "objects refuses illegal ids, and nothing is changed",
  "blobs refuses illegal ids, names and generations, and nothing is changed",
  "archives refuses illegal keys, and nothing is changed",
];

function foldingMutant(defect: string, caughtBy: readonly string[], fold: Fold): Mutant {
  return inPorts(`names: ${defect}`, caughtBy, (ports) => sharing(folding(ports, fold)));
}

/** Refuses the names that match. */
function refusing(pattern: RegExp): Fold {
  return (name) => {
    if (pattern.test(name)) throw new ArchiverError("INVALID_ARGUMENT", "Not a name.");
    return name;
  };
}

/** Lets an illegal name pass if `accept` says so. */
function accepting(accept: (name: unknown) => boolean): Fold {
  return (name) => (accept(name) ? `legal ${String(name).length}` : name);
}

export const nameMutants: readonly Mutant[] = [
  foldingMutant(
    "upper case becomes lower",
    [...LEGAL, "sessions with troublesome ids don't get in each other's way"],
    (name) => name.toLowerCase(),
  ),
  foldingMutant("composed (NFC)", LEGAL, (name) => name.normalize("NFC")),
  foldingMutant("compatibility forms become one (NFKC)", LEGAL, (name) => name.normalize("NFKC")),
  foldingMutant("spaces at the ends are lost", LEGAL, (name) => name.replace(/ +$|^ +/g, "") || " "),
  foldingMutant("dots at the end are lost", LEGAL, (name) => name.replace(/(?<=[^.])\.+$/, "")),
  foldingMutant("cut after 255 characters", LEGAL, (name) => name.slice(0, 255)),
  foldingMutant("cut after 1,023 characters", LEGAL, (name) => name.slice(0, 1023)),
  foldingMutant("cut at a NUL", LEGAL, (name) => name.split("\0")[0] || "NUL"),
  foldingMutant(
    "characters that a file's name can't have become underscores",
    [...LEGAL, "sidecars go with their session, and come back with it"],
    (name) => name.replace(/[/\\:*?"<>|\0]/g, "_"),
  ),
  foldingMutant("percent escapes are decoded", LEGAL, (name) => name.replace(/%2f/gi, "/")),
  foldingMutant("plus becomes a space", LEGAL, (name) => name.replaceAll("+", " ")),
  foldingMutant("paths are resolved", LEGAL, (name) => name.replace(/^(\.\.?\/)+|\/$/g, "") || "."),
  foldingMutant("a byte order mark is lost", LEGAL, (name) => name.replace("\ufeff", "")),
  foldingMutant("invisible characters are lost", LEGAL, (name) => name.replace(/\u200b|\u202e/g, "") || "none"),
  foldingMutant("line ends become one", LEGAL, (name) => name.replaceAll("\r\n", "\n")),
  foldingMutant("__proto__ is refused", LEGAL, refusing(/^__proto__$/)),
  foldingMutant("paths out of the folder are refused", LEGAL, refusing(/\.\.\//)),
  foldingMutant("more than 512 bytes are refused", LEGAL, refusing(/^.{513,}$/s)),
  foldingMutant("long ones that can't be compressed are refused", LEGAL, (name) => {
    if (new Set(name).size > 500) throw new ArchiverError("INVALID_ARGUMENT", "Too long for an index.");
    return name;
  }),
  foldingMutant(
    "an empty name is accepted",
    ILLEGAL,
    accepting((name) => name === ""),
  ),
  foldingMutant(
    "1,025 characters are accepted",
    ILLEGAL,
    accepting((name) => String(name).length === 1025),
  ),
  foldingMutant(
    "a lone surrogate is accepted",
    ILLEGAL,
    accepting((name) => !String(name).isWellFormed()),
  ),
  foldingMutant(
    "a value that isn't a string is accepted",
    ILLEGAL,
    accepting((name) => typeof name !== "string"),
  ),
];
