/** What the operations on agents' folders work with. */
import type { Archiver } from "@session-archiver/core";
import type { ClaimContext, ClaimRule, WriterCheck } from "./claim/claim-types.js";
import type { Files } from "./files.js";
import type { Env, Place } from "./source.js";

export interface FolderHost {
  readonly archiver: Archiver;
  readonly files: Files;
  readonly env: Env;
  readonly rule: ClaimRule;
  readonly check: WriterCheck;
  /** Unix ms. */
  now(): number;
  /** 16 hex digits that never repeat. */
  randomId(): string;
  /** Why nothing in this place may be freed: `it lies on a network file system`; `undefined`: it may. */
  mayFree(place: Place): Promise<string | undefined>;
  /** The folder of a registered source. `NOT_FOUND` if no such source is registered, or if the folder is gone. */
  placeOf(source: string, home: string): Promise<Place>;
  /** Whether a file of this name is never touched, wherever it lies. */
  isDenied(path: string): boolean;
}

export function claimContext({ files, check, now, randomId }: FolderHost, { source }: Place): ClaimContext {
  const isFragment = source.isFragment?.bind(source);
  return { files, check, now: () => now(), randomId: () => randomId(), ...(isFragment && { isFragment }) };
}
