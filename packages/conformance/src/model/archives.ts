/** Steps on archives. */

import { failing, pieces } from "../support/bodies.js";
import { all, noise, toBytes } from "../support/data.js";
import { below, oneOf } from "../support/random.js";
import { BODY_ERROR, quoted, rangeIn, type Step, type StepMaker, type StepMakers, smaller } from "./step.js";

const PIECE_BYTES = 50_000;

const put: StepMaker = (random, { ids, size }, number) =>
  putOf(oneOf(random, ids), size(random), number, below(random, 6) === 0);

function putOf(key: string, bytes: number, seed: number, bodyFails: boolean): Step {
  return {
    text: `put archive ${quoted(key)} of ${bytes} bytes${bodyFails ? ", whose body fails at its end" : ""}`,
    bodyFails,
    async run({ ports, prefix }) {
      const content = noise(bytes, seed);
      const body = bodyFails ? failing(content, PIECE_BYTES, BODY_ERROR) : pieces(content, PIECE_BYTES);
      const info = await ports.archives.put(prefix + key, body);
      return { key: info.key.slice(prefix.length), size: info.size };
    },
    simpler: () => smaller(bytes).map((less) => putOf(key, less, seed, bodyFails)),
  };
}

const read: StepMaker = (random, { ids, size }) => {
  const key = oneOf(random, ids);
  const range = rangeIn(random, size(random));
  return {
    text: `read archive ${quoted(key)} from ${range.start} to ${range.end}`,
    run: ({ ports, prefix }) => toBytes(ports.archives.read(prefix + key, range)),
  };
};

const stat: StepMaker = (random, { ids }) => {
  const key = oneOf(random, ids);
  return {
    text: `stat archive ${quoted(key)}`,
    run: async ({ ports, prefix }) => (await ports.archives.stat(prefix + key))?.size,
  };
};

const remove: StepMaker = (random, { ids }) => {
  const key = oneOf(random, ids);
  return { text: `delete archive ${quoted(key)}`, run: ({ ports, prefix }) => ports.archives.delete(prefix + key) };
};

const list: StepMaker = (random) => {
  const start = oneOf(random, ["", "a", "e", "\ufeff"]);
  return listOf(start);
};

function listOf(start: string): Step {
  return {
    text: `list archives ${quoted(start)}`,
    async run({ ports, prefix }) {
      const found = await all(ports.archives.list(prefix + start));
      return found.map(({ key, size }) => `${key.slice(prefix.length)} ${size}`).sort();
    },
  };
}

export const archiveSteps: StepMakers = [
  [4, put],
  [2, read],
  [1, stat],
  [2, remove],
  [1, list],
];

export const allArchives: Step = listOf("");
