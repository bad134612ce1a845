/** The catalogues and sinks of one schedule, and the observers of everything that happens in them. */
import type { Archiver, Meta, Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { type Disk, simulatedDisk } from "@session-archiver/test-kit/simulated-disk";
import { archivePolicy } from "../oracle.js";
import type { CreateArchiver } from "../run-seeds.js";
import { storedCodec } from "../stored-codec.js";
import { type Catalogue, createCatalogue, emptyMoment, type Moment } from "./catalogue.js";
import { createLaw, type Law } from "./law.js";
import type { StoresPlan } from "./plan.js";

const START_MS: number = Date.UTC(2026, 0, 31);

export interface StoresWorld {
  readonly catalogues: Catalogue[];
  readonly sinks: readonly Disk[];
  readonly law: Law;
  now(): number;
  /** A generation, the random part of a key, or a store's id. Never the same twice. */
  newId(): string;
  /** A new, unique line. */
  newLine(id: string): string;
  /** A catalogue of a new store if no moment is given. */
  addCatalogue(sink: number, moment?: Moment): Catalogue;
  newMoment(): Moment;
  archiver(ports: Ports): Archiver;
}

export function createStoresWorld(plan: StoresPlan, createArchiver: CreateArchiver): StoresWorld {
  let time = START_MS;
  let ids = 0;
  let versions = 0;
  let lines = 0;
  const now = (): number => time++;
  // The digits that differ come first, because a store's id uses only some of them.
  const newId = (): string => `${(++ids).toString(16).padStart(8, "0")}00000000`;
  const newVersion = (): string => String(++versions);
  const sinks = [0, 1].map(() => simulatedDisk({ now }));
  const catalogues: Catalogue[] = [];
  const law = createLaw({ catalogues, sinks: sinks.map(({ archives }) => archives) });
  const world: StoresWorld = {
    catalogues,
    sinks,
    law,
    now,
    newId,
    newLine: (id) => `<${id}:${++lines}>\n`,
    newMoment: () => emptyMoment(newId().slice(0, 12), newVersion()),
    addCatalogue(sink, moment = world.newMoment()) {
      const catalogue = createCatalogue({ sink, now, newVersion, moment });
      catalogues.push(catalogue);
      return catalogue;
    },
    archiver: (ports) =>
      createArchiver({
        ...ports,
        now,
        randomId: newId,
        codec: storedCodec,
        policy: { maxTotalBytes: Number.POSITIVE_INFINITY, ...archivePolicy({ ...plan, seed: plan.seed + 1 }) },
      }),
  };
  for (const sink of plan.sinks) world.addCatalogue(sink);
  return world;
}

export function sessionId(session: number): string {
  return `s${session}`;
}

/** The metadata with which a host makes a session. */
export const AGENT: Meta = { view: "agent", [KEY.lastActivity]: START_MS };
