/** How a session looks from outside. */
import { type Archiver, hasCode, type Ports, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import type { Sight } from "./model.js";

/** `quiet`: no process writes to the session or gives its bytes up meanwhile. */
export async function look(archiver: Archiver, ports: Ports, id: string, quiet: boolean): Promise<Sight> {
  try {
    return { kind: "bytes", bytes: await toBytes(archiver.read(id)) };
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return { kind: "absent" };
    if (!hasCode(error, "PRUNED")) throw error;
    if (!quiet) return { kind: "pruned" };
    const meta = (await ports.objects.get(id))?.meta;
    return { kind: "pruned", purged: meta?.[KEY.archivedAt] === undefined };
  }
}

export function described(sight: Sight): string {
  if (sight.kind === "bytes") return `${sight.bytes.length} bytes`;
  return sight.kind === "pruned" ? `pruned${sight.purged ? " and purged" : ""}` : "absent";
}
