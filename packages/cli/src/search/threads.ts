/** Starts the threads that share a search. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { MessageChannel, Worker } from "node:worker_threads";
import type { SearchPort } from "@session-archiver/search";
import type { Places } from "../stores/places.js";
import { searchPort } from "./search-port.js";

export interface ThreadData {
  readonly places: Places;
}

/** Each takes about 40 MB of memory. */
const MOST_THREADS = 3;
/** Of what was just made, which is soon forgotten: by default, Node lets it become three times as much. */
const YOUNG_MB = 16;

/** The program as it is built has the thread in a file beside this one; its sources have none. */
const file = new URL("search-thread.js", import.meta.url);

/** One for each core but the one that the program runs on. */
export function openPorts(places: Places): readonly SearchPort[] {
  if (!existsSync(file)) return [];
  return Array.from({ length: Math.min(availableParallelism() - 1, MOST_THREADS) }, () => openPort({ places }));
}

function openPort(data: ThreadData): SearchPort {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(file, {
    workerData: { ...data, port: port2 },
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  // Its port closes with it, and then the search goes on without it.
  worker.on("error", () => {});
  worker.unref();
  return searchPort(port1);
}
