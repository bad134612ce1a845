/** Sinks that list in any order, manifests that are damaged, and a rebuild that is cut short. */
import type { ArchiveInfo, ArchiveSink } from "../../../src/index.js";
import { bytesOf, toBytes } from "../../../src/index.js";
import { unreachable } from "../../faults.js";
import type { World } from "../../support.js";

/** A repeatable order, as good as random. */
function rank(key: string, seed: number): number {
  let hash = seed | 1;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash;
}

/** The same sink as a copy would be: its objects are listed in another order, and are of other times. */
export function shuffled(sink: ArchiveSink, seed: number): ArchiveSink {
  const late = (info: ArchiveInfo): ArchiveInfo => ({ ...info, createdAt: 1e12 + (rank(info.key, seed) >>> 0) });
  return {
    put: (...args) => sink.put(...args),
    read: (...args) => sink.read(...args),
    delete: (...args) => sink.delete(...args),
    async stat(...args) {
      const info = await sink.stat(...args);
      return info && late(info);
    },
    async *list(...args) {
      const infos = await Array.fromAsync(sink.list(...args));
      yield* infos.map(late).sort((a, b) => a.createdAt - b.createdAt);
    },
  };
}

export const DAMAGES = ["lost", "torn", "swapped", "some lost", "some torn"] as const;

/** Damages manifests; `swapped`: each gets the bytes of the next. */
export async function damageManifests(
  sink: ArchiveSink,
  damage: (typeof DAMAGES)[number] | "none",
  seed: number,
): Promise<void> {
  if (damage === "none") return;
  const infos = await Array.fromAsync(sink.list());
  const all = infos.map(({ key }) => key).filter((key) => key.endsWith(".json") && !key.includes("/runs/"));
  const keys = damage.startsWith("some") ? all.filter((key) => rank(key, seed) % 2 === 0) : all.sort();
  const bodies = await Promise.all(keys.map((key) => toBytes(sink.read(key))));
  for (const [i, key] of keys.entries()) {
    const own = bodies[i] ?? new Uint8Array();
    const next = bodies[(i + 1) % bodies.length] ?? own;
    await sink.delete(key);
    if (damage.endsWith("torn")) await sink.put(key, bytesOf(own.subarray(0, own.length >> 1)));
    if (damage === "swapped") await sink.put(key, bytesOf(next));
  }
}

/** Dies at the n-th write, before or after it has taken effect. Whether there was such a call. */
export async function cutShort(w: World, n: number, after: boolean, work: () => Promise<unknown>): Promise<boolean> {
  let calls = 0;
  const undo: (() => void)[] = [];
  const { objects, archives } = w.ports;
  for (const [port, names] of [
    [objects, ["put"]],
    [objects.ownMeta, ["put"]],
    [archives, ["put", "delete"]],
  ] as const) {
    const methods = port as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const name of names) {
      const real = methods[name];
      if (!real) continue;
      methods[name] = async (...args) => {
        if (++calls < n) return real.apply(port, args);
        if (calls === n && after) await real.apply(port, args);
        return unreachable();
      };
      undo.push(() => {
        methods[name] = real;
      });
    }
  }
  await work().catch(() => {});
  for (const one of undo) one();
  return calls >= n;
}

/** All that a catalogue holds. */
export async function contentOf({ ports }: World): Promise<object> {
  const objects = await Array.fromAsync(ports.objects.list());
  return { objects: objects.map(({ id, meta }) => ({ id, meta })), own: (await ports.objects.ownMeta?.get())?.meta };
}
