/** What first lines said, so that restoring a hundred threads reads each of them once. */
import type { FileLook } from "../files.js";
import type { KnownTranscript } from "../source.js";
import { type Rollout, unitId } from "./threads.js";

export interface KnownHeads {
  /** What is known of a file with exactly this look. */
  find(root: string, path: string, look: FileLook): KnownTranscript | undefined;
  note(rollouts: readonly Rollout[]): void;
}

export function knownHeads(): KnownHeads {
  const noted = new Map<string, { readonly version: string; readonly known: KnownTranscript }>();
  return {
    find(root, path, look) {
      const found = noted.get(`${root}/${path}`);
      return found?.version === versionOf(look) ? found.known : undefined;
    },
    note(rollouts) {
      for (const { root, path, look, nativeId, project, needs } of rollouts) {
        noted.set(`${root}/${path}`, {
          version: versionOf(look),
          known: { id: unitId(nativeId), nativeId, project, needs },
        });
      }
    },
  };
}

const versionOf = ({ identity, size, mtimeNs, ctimeNs }: FileLook): string =>
  [identity, size, mtimeNs, ctimeNs].join(" ");
