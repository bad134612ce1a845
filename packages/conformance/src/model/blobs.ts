/** Steps on live bytes. */
import type { BlobRef } from "@session-archiver/core";
import { crc32 } from "@session-archiver/core/format";
import { failing, pieces } from "../support/bodies.js";
import { all, noise, toBytes } from "../support/data.js";
import { below, oneOf, type Random } from "../support/random.js";
import {
  age,
  BODY_ERROR,
  type Client,
  known,
  quoted,
  rangeIn,
  remember,
  type Scope,
  type Step,
  type StepMaker,
  type StepMakers,
  smaller,
} from "./step.js";

const PIECE_BYTES = 50_000;

/** A session's id and a name in it. */
interface Place {
  readonly id: string;
  readonly name: string;
}

const placeIn = (random: Random, { ids, names }: Scope): Place => ({
  id: oneOf(random, ids),
  name: oneOf(random, names),
});
const textOf = ({ id, name }: Place): string => `blob ${quoted(id)} ${quoted(name)}`;
const refText = (back: number): string => (back === 0 ? "at its last ref" : "at the ref before");

/** One name for both. */
const joined = ({ id, name }: Place): string => JSON.stringify([id, name]);
const refOf = ({ refs }: Client, place: Place, back: number): BlobRef | undefined => known(refs, joined(place), back);
const shown = ({ key, generation, size }: BlobRef, { prefix }: Client): unknown => {
  return { id: key.id.slice(prefix.length), name: key.name, generation, size };
};

const create: StepMaker = (random, scope, number) =>
  createOf(placeIn(random, scope), scope.size(random), number, below(random, 6) === 0);

/** The generation is new each time: hosts never use one twice. */
function createOf(place: Place, bytes: number, number: number, bodyFails: boolean): Step {
  return {
    text: `create ${textOf(place)} of ${bytes} bytes${bodyFails ? ", whose body fails at its end" : ""}`,
    bodyFails,
    async run(client) {
      const content = noise(bytes, number);
      const body = bodyFails ? failing(content, PIECE_BYTES, BODY_ERROR) : pieces(content, PIECE_BYTES);
      const key = { id: client.prefix + place.id, name: place.name };
      const ref = await client.ports.blobs.create(key, `g${number}`, body);
      return shown(remember(client.refs, joined(place), ref), client);
    },
    simpler: () => smaller(bytes).map((less) => createOf(place, less, number, bodyFails)),
  };
}

const append: StepMaker = (random, scope, number) =>
  appendOf(placeIn(random, scope), age(random), scope.size(random), number);

function appendOf(place: Place, back: number, bytes: number, seed: number): Step {
  return {
    text: `append ${bytes} bytes to ${textOf(place)} ${refText(back)}`,
    async run(client) {
      const at = refOf(client, place, back);
      if (!at) return undefined;
      const ref = await client.ports.blobs.append(at, noise(bytes, seed));
      return shown(remember(client.refs, joined(place), ref), client);
    },
    simpler: () => smaller(bytes).map((less) => appendOf(place, back, less, seed)),
  };
}

const read: StepMaker = (random, scope) => {
  const place = placeIn(random, scope);
  const back = age(random);
  const range = rangeIn(random, scope.size(random));
  return {
    text: `read ${textOf(place)} ${refText(back)}, from ${range.start} to ${range.end}`,
    async run(client) {
      const at = refOf(client, place, back);
      return at && toBytes(client.ports.blobs.read(at, range));
    },
  };
};

const stat: StepMaker = (random, scope) => {
  const place = placeIn(random, scope);
  return {
    text: `stat ${textOf(place)}`,
    async run(client) {
      const ref = await client.ports.blobs.stat({ id: client.prefix + place.id, name: place.name });
      return ref && shown(ref, client);
    },
  };
};

const remove: StepMaker = (random, scope) => {
  const place = placeIn(random, scope);
  const back = age(random);
  return {
    text: `delete ${textOf(place)} ${refText(back)}`,
    async run(client) {
      const at = refOf(client, place, back);
      return at && client.ports.blobs.delete(at);
    },
  };
};

const list: StepMaker = (random, { ids }) => blobsOf(oneOf(random, ids));

/** Lists and reads all blobs of a session. */
export function blobsOf(id: string): Step {
  return {
    text: `list and read the blobs of ${quoted(id)}`,
    async run(client) {
      const found: (readonly [string, unknown])[] = [];
      for (const ref of await all(client.ports.blobs.list(client.prefix + id))) {
        const checksum = crc32(await toBytes(client.ports.blobs.read(ref)));
        found.push([ref.key.name, { ref: shown(ref, client), checksum }]);
      }
      return Object.fromEntries(found);
    },
  };
}

export const blobSteps: StepMakers = [
  [3, create],
  [6, append],
  [3, read],
  [1, stat],
  [2, remove],
  [1, list],
];
