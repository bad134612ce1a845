/** Stores that break one promise each: the kills must find each of them. */
import { bytesOf, type Meta, type Ports, toBytes } from "@session-archiver/core";
import { stateOf } from "@session-archiver/core/format";

/** The defects, by what the store does. */
const WEAKNESSES = {
  /** An append that isn't atomic. */
  "appends in two halves": (ports: Ports): Ports => ({
    ...ports,
    blobs: {
      ...ports.blobs,
      async append(at, chunk, op) {
        const half = await ports.blobs.append(at, chunk.subarray(0, chunk.length >> 1), op);
        return ports.blobs.append(half, chunk.subarray(chunk.length >> 1), op);
      },
    },
  }),
  /** An append that resolves before its bytes are stored. */
  "acknowledges an append early": (ports: Ports): Ports => {
    let last: Promise<unknown> = Promise.resolve();
    return {
      ...ports,
      blobs: {
        ...ports.blobs,
        async append(at, chunk, op) {
          await last;
          const copy = chunk.slice();
          last = ports.blobs.append(at, copy, op).catch(() => {});
          return { ...at, size: at.size + chunk.length };
        },
      },
    };
  },
  /** A create whose blob is visible before it is whole. */
  "shows a blob before it is whole": (ports: Ports): Ports => ({
    ...ports,
    blobs: {
      ...ports.blobs,
      async create(key, generation, body, op) {
        const bytes = await toBytes(body);
        let at = await ports.blobs.create(key, generation, bytesOf(), op);
        for (let from = 0; from < bytes.length; from += 16_384) {
          at = await ports.blobs.append(at, bytes.subarray(from, from + 16_384), op);
        }
        return at;
      },
    },
  }),
  /** The wrong order: the live bytes are deleted before the object names the archive. */
  "deletes before the commit": (ports: Ports): Ports => ({
    ...ports,
    objects: {
      ...ports.objects,
      async put(id, meta, expected, op) {
        if (isCommit(await ports.objects.get(id), meta)) {
          for await (const blob of ports.blobs.list(id)) await ports.blobs.delete(blob).catch(() => {});
        }
        return ports.objects.put(id, meta, expected, op);
      },
    },
  }),
} as const;

export type Weakness = keyof typeof WEAKNESSES;

export function weaken(ports: Ports, weakness: Weakness | undefined): Ports {
  return weakness === undefined ? ports : WEAKNESSES[weakness](ports);
}

function isCommit(before: { readonly meta: Meta } | undefined, meta: Meta): boolean {
  return before !== undefined && stateOf(before.meta) === "live" && stateOf(meta) === "archived";
}
