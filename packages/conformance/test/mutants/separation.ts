/** Defects between the ports. */
import { ArchiverError, type Bytes, type Ports } from "@session-archiver/core";
import { sharing } from "../subjects.js";
import { inPorts, type Mutant } from "./mutant.js";

/** While one of these bodies is read, `busy` is true. */
function noticing(state: { busy: boolean }, body: Bytes): Bytes {
  return (async function* () {
    for await (const chunk of body) {
      state.busy = true;
      yield chunk;
    }
    state.busy = false;
  })();
}

/** Other calls fail while a body is read. */
function locking(ports: Ports): Ports {
  const state = { busy: false };
  const free = (): void => {
    if (state.busy) throw new ArchiverError("UNAVAILABLE", "Busy.");
  };
  return {
    objects: {
      ...ports.objects,
      async put(...args) {
        free();
        return ports.objects.put(...args);
      },
    },
    blobs: {
      ...ports.blobs,
      create: (key, generation, body, op) => ports.blobs.create(key, generation, noticing(state, body), op),
      async stat(...args) {
        free();
        return ports.blobs.stat(...args);
      },
      async *read(...args) {
        for await (const chunk of ports.blobs.read(...args)) {
          free();
          yield chunk;
        }
      },
    },
    archives: {
      ...ports.archives,
      put: (key, body, op) => ports.archives.put(key, noticing(state, body), op),
      async stat(...args) {
        free();
        return ports.archives.stat(...args);
      },
      async *read(...args) {
        for await (const chunk of ports.archives.read(...args)) {
          free();
          yield chunk;
        }
      },
    },
  };
}

export const separationMutants: readonly Mutant[] = [
  inPorts(
    "other calls fail while a body is read",
    [
      "blobs.create: nothing is visible until the body has ended, and other calls are served",
      "archives.put: nothing is visible until the body has ended, and other calls are served",
      "blobs.create: a body may be read from the same store",
      "archives.put: a body may be read from the same store",
      "bytes flow between blobs and archives, both ways at once",
      "objects can be written while a body is read",
    ],
    (ports) => sharing(locking(ports)),
  ),
  inPorts(
    "deleting an object deletes its blobs",
    ["deleting an object leaves its blobs, and the other way round"],
    (ports) =>
      sharing({
        ...ports,
        objects: {
          ...ports.objects,
          async delete(id, expected, op) {
            await ports.objects.delete(id, expected, op);
            for await (const ref of ports.blobs.list(id)) await ports.blobs.delete(ref);
          },
        },
      }),
  ),
  inPorts("archives and blobs share one folder", ["the same name in all ports means three things"], (ports) =>
    sharing({
      ...ports,
      archives: {
        ...ports.archives,
        async delete(key, op) {
          await ports.archives.delete(key, op);
          const ref = await ports.blobs.stat({ id: key, name: key });
          if (ref) await ports.blobs.delete(ref);
        },
      },
    }),
  ),
];
