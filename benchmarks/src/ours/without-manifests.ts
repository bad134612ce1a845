import type { Ports } from "@session-archiver/core";

/** The same sink without its manifests, as if they were lost. */
export function withoutManifests(ports: Ports): Ports {
  const { stat } = ports.archives;
  const archives: Ports["archives"] = {
    ...ports.archives,
    stat: async (key, op) => (key.endsWith(".json") ? undefined : stat(key, op)),
  };
  return { ...ports, archives };
}
