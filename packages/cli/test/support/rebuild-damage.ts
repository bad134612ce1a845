/** What happens to a sink, and to a rebuild of it. */
import { ArchiverError, type ArchiveSink, bytesOf, createArchiver, type Ports, toBytes } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import type { Random } from "@session-archiver/test-kit/faults";

/** Keys of archives and manifests, not of records. */
export async function keysIn(sink: ArchiveSink): Promise<readonly string[]> {
  const infos = await Array.fromAsync(sink.list());
  return infos
    .map(({ key }) => key)
    .filter((key) => !isRecordKey(key))
    .sort();
}

/** Some manifests are deleted, some torn, and some get the bytes of another. */
export async function damageManifests(sink: ArchiveSink, random: Random): Promise<void> {
  const keys = (await keysIn(sink)).filter((key) => key.endsWith(".json"));
  const bodies = await Promise.all(keys.map((key) => toBytes(sink.read(key))));
  for (const [i, key] of keys.entries()) {
    const own = bodies[i] ?? new Uint8Array();
    const damage = random.pick(["none", "lost", "torn", "swapped"]);
    if (damage === "none") continue;
    await sink.delete(key);
    if (damage === "torn") await sink.put(key, bytesOf(own.subarray(0, random.below(own.length))));
    if (damage === "swapped") await sink.put(key, bytesOf(random.pick(bodies)));
  }
}

/** A rebuild whose stores can't be reached from the n-th call on. */
export async function cutShortAt(ports: Ports, n: number): Promise<void> {
  let calls = 0;
  const { objects, archives } = ports;
  const check = (): void => {
    if (calls++ >= n) throw new ArchiverError("UNAVAILABLE", "The store can't be reached.");
  };
  const failing = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === "ownMeta" && value) return failing(value);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          check();
          return value.apply(target, args);
        };
      },
    });
  await createArchiver({ ...ports, objects: failing(objects), archives: failing(archives) })
    .rebuild()
    .catch((error: unknown) => {
      if (!(error instanceof ArchiverError) || error.code !== "UNAVAILABLE") throw error;
    });
}
