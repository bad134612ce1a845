/** The archive sink over a backend of its own. */
import type { ArchiveSink } from "../ports.js";
import { requireUnused } from "./archive-checks.js";
import type { ArchiveBackend } from "./backends.js";
import { archiveCall } from "./call.js";
import { type AdapterOptions, guardOf } from "./guard.js";
import { checkName, resolveRange } from "./validate.js";

export function defineArchives(backend: ArchiveBackend, options?: AdapterOptions): ArchiveSink {
  const guard = guardOf(options);
  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      const call = archiveCall("archives.put", key, op);
      const { size, createdAt } = await guard.write(call, body, backend.rowBytes, async (bytes) => {
        if (!backend.refusesEarly) requireUnused(await backend.stat(key, call), key);
        return backend.put(key, bytes, call);
      });
      return { key, size, createdAt };
    },
    async stat(key, op) {
      checkName(key, "archive key");
      const call = archiveCall("archives.stat", key, op);
      const head = await guard.run(call, () => backend.stat(key, call));
      return head && { key, size: head.size, createdAt: head.createdAt };
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
      const call = archiveCall("archives.delete", key, op);
      await guard.run(call, () => backend.delete(key, call));
    },
    async *list(prefix = "", op) {
      const call = archiveCall("archives.list", undefined, op);
      for await (const info of guard.stream(() => ({ call, items: () => backend.list(prefix, call) }))) {
        if (info.key.startsWith(prefix)) yield info;
      }
    },
  };
}
