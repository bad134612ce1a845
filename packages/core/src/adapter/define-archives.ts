/** The archive sink over a backend of its own. */
import type { ArchiveInfo, ArchiveSink } from "../ports.js";
import { requireUnused } from "./archive-checks.js";
import type { ArchiveBackend, ArchiveHead } from "./backends.js";
import { archiveCall } from "./call.js";
import { type AdapterOptions, guardOf } from "./guard.js";
import { checkName, resolveRange } from "./validate.js";

export function defineArchives(backend: ArchiveBackend, options?: AdapterOptions): ArchiveSink {
  const guard = guardOf(options);
  const diskBytes = backend.diskBytes?.bind(backend);
  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      const call = archiveCall("archives.put", key, op);
      const head = await guard.write(call, body, backend.rowBytes, async (bytes) => {
        if (!backend.refusesEarly) requireUnused(await backend.stat(key, call), key);
        return backend.put(key, bytes, call);
      });
      return infoOf(key, head);
    },
    async stat(key, op) {
      checkName(key, "archive key");
      const call = guard.begin(archiveCall("archives.stat", key, op));
      try {
        const head = await backend.stat(key, call);
        return head && infoOf(key, head);
      } catch (error) {
        return guard.fail(error, call);
      }
    },
    read(key, range, op) {
      return guard.stream(() => {
        checkName(key, "archive key");
        const wanted = resolveRange(range, Number.MAX_SAFE_INTEGER);
        const call = archiveCall("archives.read", key, op);
        return { call, items: () => backend.read(key, wanted, call) };
      });
    },
    async delete(key, op) {
      checkName(key, "archive key");
      const call = guard.begin(archiveCall("archives.delete", key, op));
      try {
        await backend.delete(key, call);
      } catch (error) {
        await guard.fail(error, call);
      }
    },
    async *list(prefix = "", op) {
      const call = archiveCall("archives.list", undefined, op);
      for await (const info of guard.stream(() => ({ call, items: () => backend.list(prefix, call) }))) {
        if (info.key.startsWith(prefix)) yield infoOf(info.key, info);
      }
    },
    ...(diskBytes && {
      async diskBytes(key, op) {
        checkName(key, "archive key");
        const call = guard.begin(archiveCall("archives.diskBytes", key, op));
        try {
          return await diskBytes(key, call);
        } catch (error) {
          return guard.fail(error, call);
        }
      },
    }),
  };
}

/** What a sink tells: a backend may know more. */
function infoOf(key: string, { size, createdAt }: ArchiveHead): ArchiveInfo {
  return { key, size, createdAt };
}
