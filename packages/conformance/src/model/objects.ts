/** Steps on objects. */
import type { Meta, ObjectQuery } from "@session-archiver/core";
import { KEY, matchesQuery } from "@session-archiver/core/adapter";
import { all } from "../support/data.js";
import { below, oneOf } from "../support/random.js";
import { age, type Client, known, quoted, remember, type Step, type StepMaker, type StepMakers } from "./step.js";

/** Expects the latest known version, an earlier one, or that the object is absent. */
const put: StepMaker = (random, { ids }, number) => {
  const id = oneOf(random, ids);
  const back = age(random);
  const creates = below(random, 2) === 0;
  const time = 1 + below(random, 9);
  const meta: Meta = {
    number,
    [KEY.lastActivity]: time,
    ...(below(random, 2) === 0 && { [KEY.archivedAt]: time }),
  };
  return {
    text: `put object ${quoted(id)} ${creates ? "that must be absent" : versionText(back)}: ${JSON.stringify(meta)}`,
    async run(client) {
      const name = client.prefix + id;
      const expected = creates ? null : (known(client.versions, name, back) ?? "none");
      const version = await client.ports.objects.put(name, meta, expected);
      const isNew = client.versions.get(name)?.includes(version) !== true;
      remember(client.versions, name, version);
      return isNew ? "a new version" : "a version that it had before";
    },
  };
};

const remove: StepMaker = (random, { ids }) => {
  const id = oneOf(random, ids);
  const back = age(random);
  return {
    text: `delete object ${quoted(id)} ${versionText(back)}`,
    run: ({ ports, prefix, versions }) =>
      ports.objects.delete(prefix + id, known(versions, prefix + id, back) ?? "none"),
  };
};

const get: StepMaker = (random, { ids }) => {
  const id = oneOf(random, ids);
  return {
    text: `get object ${quoted(id)}`,
    run: async (client) => (await client.ports.objects.get(client.prefix + id))?.meta,
  };
};

/** A store may give more than the query asks for, never less. */
const list: StepMaker = (random) => {
  const query: ObjectQuery = {
    prefix: oneOf(random, ["", "a", "e", "\ufeff"]),
    ...(below(random, 2) === 0 && { lastActiveBefore: 1 + below(random, 9) }),
    ...(below(random, 2) === 0 && { archived: below(random, 2) === 0 }),
  };
  return { text: `list objects ${JSON.stringify(query)}`, run: (client) => listed(client, query) };
};

async function listed({ ports, prefix }: Client, query: ObjectQuery): Promise<unknown> {
  const whole = { ...query, prefix: prefix + query.prefix };
  const found = await all(ports.objects.list(whole));
  const matching = found.filter(({ id, meta }) => matchesQuery(id, meta, whole));
  return matching.map(({ id, meta }) => `${id.slice(prefix.length)} ${meta["number"]}`).sort();
}

function versionText(back: number): string {
  return back === 0 ? "at its last version" : "at the version before";
}

export const objectSteps: StepMakers = [
  [5, put],
  [2, remove],
  [2, get],
  [2, list],
];

export const allObjects: Step = { text: "list all objects", run: (client) => listed(client, { prefix: "" }) };
