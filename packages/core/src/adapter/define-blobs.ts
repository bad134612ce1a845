/** The blob store over a backend of its own. */
import type { BlobKey, BlobRef, BlobStore } from "../ports.js";
import type { BlobBackend } from "./backends.js";
import { type BlobHead, requireAbsent } from "./blob-checks.js";
import { checkBytes } from "./body.js";
import { blobCall, objectCall } from "./call.js";
import { type AdapterOptions, guardOf } from "./guard.js";
import { checkBlobKey, checkBlobRef, checkName, resolveRange } from "./validate.js";

export function defineBlobs(backend: BlobBackend, options?: AdapterOptions): BlobStore {
  const guard = guardOf(options);
  const diskBytes = backend.diskBytes?.bind(backend);
  return {
    async stat(given, op) {
      checkBlobKey(given);
      const key = keyOf(given);
      const call = guard.begin(blobCall("blobs.stat", key, op));
      try {
        const head = await backend.stat(key, call);
        return head && refOf(key, head);
      } catch (error) {
        return guard.fail(error, call);
      }
    },
    async *list(id, op) {
      const start = () => {
        checkName(id, "session id");
        const call = objectCall("blobs.list", id, op);
        return { call, items: () => backend.list(id, call) };
      };
      for await (const head of guard.stream(start)) yield refOf({ id, name: head.name }, head);
    },
    read(given, range, op) {
      return guard.stream(() => {
        checkBlobRef(given);
        const at = refOf(keyOf(given.key), given);
        const wanted = resolveRange(range, at.size);
        const call = blobCall("blobs.read", at.key, op);
        return { call, items: () => backend.read(at, wanted, call) };
      });
    },
    async create(given, generation, body, op) {
      checkBlobKey(given);
      checkName(generation, "generation");
      const key = keyOf(given);
      const call = blobCall("blobs.create", key, op);
      const size = await guard.write(call, body, backend.rowBytes, async (bytes) => {
        if (!backend.refusesEarly) requireAbsent(await backend.stat(key, call), key);
        return backend.create(key, generation, bytes, call);
      });
      return { key, generation, size };
    },
    async append(given, chunk, op) {
      checkBlobRef(given);
      checkBytes(chunk);
      const at = refOf(keyOf(given.key), given);
      const size = at.size + chunk.length;
      const call = guard.begin(blobCall("blobs.append", at.key, op));
      try {
        await backend.append(at, chunk, call);
        return refOf(at.key, { generation: at.generation, size });
      } catch (error) {
        return guard.fail(error, call);
      }
    },
    async delete(given, op) {
      checkBlobRef(given);
      const at = refOf(keyOf(given.key), given);
      const call = guard.begin(blobCall("blobs.delete", at.key, op));
      try {
        await backend.delete(at, call);
      } catch (error) {
        await guard.fail(error, call);
      }
    },
    ...(diskBytes && {
      async diskBytes(id, op) {
        checkName(id, "session id");
        const call = guard.begin(objectCall("blobs.diskBytes", id, op));
        try {
          return await diskBytes(id, call);
        } catch (error) {
          return guard.fail(error, call);
        }
      },
    }),
  };
}

/** A copy: the caller may change its own while the call is under way. */
function keyOf({ id, name }: BlobKey): BlobKey {
  return { id, name };
}

function refOf(key: BlobKey, { generation, size }: BlobHead): BlobRef {
  return { key, generation, size };
}
