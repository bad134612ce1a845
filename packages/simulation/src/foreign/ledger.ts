/**
 * The law. Every line that a writer has written is in the archive, or in a file that has a name, until a writer itself
 * takes it away. It is checked whenever a file loses its last name, and after every kill.
 */
import type { FilesDisk, Inode } from "@session-archiver/test-kit/simulated-files";
import type { SimulatedArchive } from "./archive.js";
import { linesOf, textOf } from "./lines.js";

export interface Ledger {
  /** A line of this file that must be kept from now on. */
  wrote(line: string, path: string): void;
  /** A writer takes these bytes away by `act`: what is not archived of them need not be kept any more. */
  takenAway(bytes: Uint8Array | undefined, act: () => void): void;
  /** This line may be lost. */
  release(line: string): void;
  /** Lines that are nowhere. */
  missing(): readonly string[];
  /** Fails the schedule if a line is nowhere. */
  check(where: string): void;
  /** The lines of a file that must be kept. */
  linesOf(path: string): readonly string[];
}

export interface LedgerOptions {
  readonly disk: FilesDisk;
  readonly archive: SimulatedArchive;
  isOurs(process: number): boolean;
  /** Whether this line may be lost. */
  excuses(line: string): boolean;
  fail(message: string): never;
}

export function createLedger({ disk, archive, isOurs, excuses, fail }: LedgerOptions): Ledger {
  const must = new Map<string, string>();
  const pending = new Set<string>();
  let isTakingAway = false;

  const missing = (): readonly string[] => {
    for (const line of pending) if (archive.has(line)) pending.delete(line);
    if (pending.size === 0) return [];
    const there = new Set(disk.named().flatMap(([, inode]) => linesOf(textOf(inode.bytes))));
    for (const inode of disk.nameless())
      if (isHeldByUs(inode)) for (const line of linesOf(textOf(inode.bytes))) there.add(line);
    return [...pending].filter((line) => !there.has(line));
  };
  /** One of our processes will take a last look at it. */
  const isHeldByUs = (inode: Inode): boolean => inode.openBy.some(isOurs);
  const forget = (line: string): void => {
    must.delete(line);
    pending.delete(line);
  };
  const check = (where: string): void => {
    if (isTakingAway) return;
    const lost = missing();
    if (lost.length > 0) fail(`${where}: ${JSON.stringify(lost)} is nowhere.`);
  };
  return {
    wrote(line, path) {
      if (excuses(line)) return;
      must.set(line, path);
      pending.add(line);
    },
    takenAway(bytes = new Uint8Array(), act) {
      isTakingAway = true;
      act();
      isTakingAway = false;
      for (const line of linesOf(textOf(bytes))) if (!archive.has(line)) forget(line);
    },
    release: forget,
    missing,
    check,
    linesOf: (path) => [...must].flatMap(([line, of]) => (of === path ? [line] : [])),
  };
}
