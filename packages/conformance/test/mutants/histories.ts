/** Defects that show only when several calls come in a certain order, as in a random history. */
import { type ArchiveInfo, ArchiverError, type BlobRef, type Ports } from "@session-archiver/core";
import { inArchives, inPorts, type Mutant } from "./mutant.js";

/** Refuses names of blobs that were deleted. */
function withoutNames({ blobs }: Ports, deleted: ReadonlySet<string>): Ports["blobs"] {
  return {
    ...blobs,
    async create(key, generation, body, op) {
      if (deleted.has(JSON.stringify(key))) throw new ArchiverError("CONFLICT", "The blob was there once.", key);
      return blobs.create(key, generation, body, op);
    },
  };
}

/** Remembers the size to which it has grown each blob itself. */
function rememberingSizes({ blobs }: Ports): Ports["blobs"] {
  const own = new Map<string, BlobRef>();
  return {
    ...blobs,
    async append(at, chunk, op) {
      const ref = await blobs.append(at, chunk, op);
      own.set(JSON.stringify(at.key), ref);
      return ref;
    },
    async *list(id, op) {
      for await (const ref of blobs.list(id, op)) {
        const seen = own.get(JSON.stringify(ref.key));
        yield seen?.generation === ref.generation ? seen : ref;
      }
    },
  };
}

export const historyMutants: readonly Mutant[] = [
  inArchives(
    "stat repeats its last answer even after the key was deleted and put again",
    ["archives do what the model does"],
    ({ stat }) => {
      const seen = new Map<string, ArchiveInfo>();
      return {
        async stat(key, op) {
          const now = await stat(key, op);
          if (now && !seen.has(key)) seen.set(key, now);
          return now && seen.get(key);
        },
      };
    },
  ),
  inPorts(
    "a blob that was deleted before a restart can't be created after it",
    [
      "all three ports do what the model does, across restarts",
      "an archived session and a resumed one survive a restart",
    ],
    (ports) => {
      const deleted = new Set<string>();
      const blobs: Ports["blobs"] = {
        ...ports.blobs,
        async delete(at, op) {
          await ports.blobs.delete(at, op);
          deleted.add(JSON.stringify(at.key));
        },
      };
      const reopened = (): Ports => ({ ...ports, blobs: withoutNames({ ...ports, blobs }, new Set(deleted)) });
      return { ...ports, blobs, reopen: async () => reopened(), peer: async () => ports };
    },
  ),
  inPorts(
    "an instance lists a blob at the size that it wrote itself, and misses appends of the other",
    ["two instances do what the model does"],
    (ports) => {
      const open = (): Ports => ({ ...ports, blobs: rememberingSizes(ports) });
      return { ...open(), reopen: async () => open(), peer: async () => open() };
    },
  ),
];
