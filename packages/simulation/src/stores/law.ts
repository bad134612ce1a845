/**
 * The law of stores: no line is lost. An all-knowing observer sees every write of every catalogue to every sink, including those
 * that a catalogue has forgotten since. Each acknowledged line must be in a sink, as part of an archive of its session, or
 * in a live blob of a catalogue that exists; until its session is given up in a catalogue that held it:
 *
 * - by a remove, or
 * - by a purge, provided that its tombstone had not been taken back, on the same sink, before the purge began:
 *   neither by a copy of the catalogue nor by the catalogue itself before it was set back. Events at the same time on two
 *   machines may have happened in either order.
 *
 * Lines that are only in the live blobs of a catalogue are lost when it is lost or set back. That is allowed.
 */
import type { StoredArchive } from "@session-archiver/test-kit/simulated-disk";
import { archivedText } from "../oracle.js";
import type { Catalogue } from "./catalogue.js";

export interface Law {
  /** Notes that a line was acknowledged. */
  acknowledge(line: string): void;
  /** Checks that each line of this text is still stored somewhere, or was given up. */
  deleted(text: string, where: string): void;
  /** Throws the first failure so far. Where it was found, core might have caught the error. */
  check(): void;
  /** Forgives lines that are stored nowhere now, because a catalogue was lost or set back. */
  forgive(): void;
  /** Notes that these lines are given up. */
  giveUp(text: string): void;
  /** Notes that the tombstone was taken back now, in a catalogue with this sink. */
  takeBack(tombstone: string, sink: number): void;
  /** Whether a purge that began at this time may act on the tombstone. */
  stands(tombstone: string, sink: number, beganAt: number): boolean;
  /** The number of effects in all stores, which serves as a time. */
  tick(): number;
}

export interface Places {
  readonly catalogues: readonly Catalogue[];
  readonly sinks: readonly ReadonlyMap<string, StoredArchive>[];
}

export function createLaw(places: Places): Law {
  const counted = new Set<string>();
  /** A line may be given up before its writer gets the acknowledgement. */
  const given = new Set<string>();
  const takenBack = new Map<string, number>();
  const textOf = archiveTexts();
  let time = 0;
  let broken: string | undefined;

  const isThere = (line: string): boolean => {
    const mine = idOf(line);
    for (const sink of places.sinks) {
      for (const archive of sink.values())
        if (isOf(archive.info.key, mine) && textOf(archive).includes(line)) return true;
    }
    return places.catalogues.some((catalogue) => catalogue.liveText(mine).includes(line));
  };
  return {
    acknowledge(line) {
      if (!given.has(line)) counted.add(line);
    },
    deleted(text, where) {
      for (const line of linesOf(text)) {
        if (counted.has(line) && !isThere(line)) broken ??= `${where} deletes ${line.trim()}, which is nowhere else.`;
      }
    },
    check() {
      if (broken !== undefined) throw new Error(broken);
    },
    forgive() {
      for (const line of counted) if (!isThere(line)) counted.delete(line);
    },
    giveUp(text) {
      for (const line of linesOf(text)) {
        given.add(line);
        counted.delete(line);
      }
    },
    takeBack(tombstone, sink) {
      const key = `${tombstone} ${sink}`;
      if (!takenBack.has(key)) takenBack.set(key, time);
    },
    stands: (tombstone, sink, beganAt) => (takenBack.get(`${tombstone} ${sink}`) ?? Number.POSITIVE_INFINITY) > beganAt,
    tick: () => ++time,
  };
}

/** A line names its session: `<s1:17>`. */
export function idOf(line: string): string {
  return /^<([^:]+):/.exec(line)?.[1] ?? "";
}

export function linesOf(text: string): readonly string[] {
  return text.match(/<[^>]*>\n/g) ?? [];
}

/** Whether a sink key belongs to an archive of this session, in any grammar of keys. */
export function isOf(key: string, id: string): boolean {
  return key.endsWith(".gz") && (key.startsWith(`${id}.`) || key.includes(`/${id}.`));
}

/** Reads each archive once. */
function archiveTexts(): (archive: StoredArchive) => string {
  const texts = new WeakMap<StoredArchive, string>();
  return (archive) => {
    const text = texts.get(archive) ?? archivedText(new Map([["", archive]]), "");
    texts.set(archive, text);
    return text;
  };
}
