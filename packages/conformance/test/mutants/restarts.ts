/** Defects across restarts and between instances. */
import { type BlobRef, bytesOf, memoryPorts, type Ports, type StoredObject, toBytes } from "@session-archiver/core";
import { sharing } from "../subjects.js";
import { inPorts, type Mutant } from "./mutant.js";

/** Reads give the state at the time of opening. */
function stale({ objects }: Ports, seen: StoredObject[]): Ports["objects"] {
  return { ...objects, get: async (id) => seen.find((object) => object.id === id) };
}

async function undo(ports: Ports, last: { object?: StoredObject; ref?: BlobRef; key?: string }): Promise<void> {
  if (last.object) await ports.objects.delete(last.object.id, last.object.version);
  if (last.key) await ports.archives.delete(last.key);
  if (!last.ref) return;
  const bytes = await toBytes(ports.blobs.read(last.ref));
  await ports.blobs.delete(last.ref);
  await ports.blobs.create(last.ref.key, last.ref.generation, bytesOf(bytes.slice(0, -1)));
}

export const restartMutants: readonly Mutant[] = [
  inPorts(
    "the last write of each port is lost at a restart",
    [
      "objects survive a restart as the last put left them",
      "blobs survive a restart: created, appended to and deleted",
      "archives survive a restart: put and deleted",
      "an archived session and a resumed one survive a restart",
    ],
    (ports) => {
      const last: { object?: StoredObject; ref?: BlobRef; key?: string } = {};
      return {
        objects: {
          ...ports.objects,
          async put(id, meta, expected, op) {
            const version = await ports.objects.put(id, meta, expected, op);
            last.object = { id, meta, version };
            return version;
          },
        },
        blobs: {
          ...ports.blobs,
          async append(at, chunk, op) {
            last.ref = await ports.blobs.append(at, chunk, op);
            return last.ref;
          },
        },
        archives: {
          ...ports.archives,
          put(key, body, op) {
            last.key ??= key;
            return ports.archives.put(key, body, op);
          },
        },
        async reopen() {
          await undo(ports, last);
          return ports;
        },
        peer: async () => ports,
      };
    },
  ),
  inPorts(
    "versions count from 1 again after a restart",
    ["versions hold across a restart, and don't come back after one"],
    (ports) => ({
      ...sharing(ports),
      async reopen() {
        const { objects } = memoryPorts();
        for await (const { id, meta } of ports.objects.list()) await objects.put(id, meta, null);
        return { ...ports, objects };
      },
    }),
  ),
  inPorts(
    "the bytes that a body gave before a restart become the entry",
    [
      "blobs.create: a body under way at the restart leaves nothing",
      "archives.put: a body under way at the restart leaves nothing",
    ],
    (ports) => ({
      ...sharing(ports),
      blobs: {
        ...ports.blobs,
        async create(key, generation, body, op) {
          let ref = await ports.blobs.create(key, generation, bytesOf());
          for await (const chunk of body) ref = await ports.blobs.append(ref, chunk, op);
          return ref;
        },
      },
      archives: {
        ...ports.archives,
        async put(key, body, op) {
          await ports.archives.put(key, bytesOf());
          const bytes = await toBytes(body);
          await ports.archives.delete(key);
          return ports.archives.put(key, bytesOf(bytes), op);
        },
      },
    }),
  ),
  inPorts(
    "an interrupted write, when it fails, deletes an entry written after the restart",
    [
      "blobs.create: a body under way at the restart leaves nothing",
      "archives.put: a body under way at the restart leaves nothing",
    ],
    (ports) => ({
      ...sharing(ports),
      blobs: {
        ...ports.blobs,
        create: (key, generation, body, op) =>
          ports.blobs.create(key, generation, body, op).catch(async (error: unknown) => {
            const ref = await ports.blobs.stat(key);
            if (ref) await ports.blobs.delete(ref);
            throw error;
          }),
      },
      archives: {
        ...ports.archives,
        put: (key, body, op) =>
          ports.archives.put(key, body, op).catch(async (error: unknown) => {
            await ports.archives.delete(key);
            throw error;
          }),
      },
    }),
  ),
  inPorts(
    "an instance sees objects as they were when it was opened",
    ["objects: each sees what the other has written"],
    (ports) => ({
      ...sharing(ports),
      async peer() {
        const seen: StoredObject[] = [];
        for await (const object of ports.objects.list()) seen.push(object);
        return { ...ports, objects: stale(ports, seen) };
      },
    }),
  ),
];
