/** A catalogue: objects, live blobs and the store's own metadata, in their present state, and their state after every effect. */
import { type Content, type Disk, simulatedDisk } from "@session-archiver/test-kit/simulated-disk";
import { createHistory, type History } from "./history.js";

/** The state of a catalogue at one time. */
export interface Moment {
  readonly content: Content;
  readonly history: History;
}

export interface Catalogue {
  disk: Disk;
  history: History;
  /** The number of the sink that gets its archives. */
  sink: number;
  /** Whether it may miss changes of its store: it was set back, copied, lost or swapped, or is a copy. */
  isDisturbed: boolean;
  /** Its state after each effect. The first one is its state at the beginning. */
  readonly journal: Moment[];
  moment(): Moment;
  /** Called after every effect. */
  note(): void;
  /** Goes back to the state at that moment. */
  become(moment: Moment): void;
  /** All live bytes of a session. */
  liveText(id: string): string;
}

export interface CatalogueOptions {
  readonly sink: number;
  readonly now: () => number;
  readonly newVersion: () => string;
  /** Its content at first. */
  readonly moment: Moment;
}

export function createCatalogue({ sink, moment: first, ...options }: CatalogueOptions): Catalogue {
  const journal: Moment[] = [];
  const diskWith = (content: Content): Disk => simulatedDisk({ ...options, content, keepsOwn: true });
  const catalogue: Catalogue = {
    disk: diskWith(first.content),
    history: first.history.copy(),
    sink,
    isDisturbed: false,
    journal,
    moment() {
      const { objects, blobs, own } = this.disk;
      const files = [...blobs].map(([id, all]) => [id, new Map(all)] as const);
      const content = { objects: new Map(objects), blobs: new Map(files), own: own() };
      return { content, history: this.history.copy() };
    },
    note() {
      journal.push(this.moment());
    },
    become({ content, history }) {
      this.disk = diskWith(content);
      this.history = history.copy();
    },
    liveText(id: string) {
      const texts = [...(this.disk.blobs.get(id)?.values() ?? [])].map(({ bytes }) => String.fromCharCode(...bytes));
      return texts.join("");
    },
  };
  catalogue.note();
  return catalogue;
}

/** A new catalogue. Its store already has an identity, so that a schedule is the same each time. */
export function emptyMoment(storeId: string, version: string): Moment {
  const own = { version, meta: { id: storeId } };
  return { content: { objects: new Map(), blobs: new Map(), own }, history: createHistory() };
}
