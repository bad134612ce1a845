/** One object that can't be read must not hide the others, nor keep them from being swept. */
import { KEY, type Meta, type ObjectQuery } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { equal, equalBytes, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, text, toBytes, upTo } from "../support/data.js";
import { archiverOn } from "../support/session.js";

const test = about("Damaged objects");

/** Ids that resemble each other, so that they are neighbours in any order. */
const IDS: readonly string[] = upTo(9).map((n) => `s${n}`);
const DAMAGED: readonly string[] = ["s0", "s4", "s8"];
const WHOLE: readonly string[] = IDS.filter((id) => !DAMAGED.includes(id));

const IDLE: Meta = { view: "agent", [KEY.lastActivity]: 5, [KEY.lineCount]: 1 };
const ARCHIVED: Meta = { ...IDLE, [KEY.archivedAt]: 6, [KEY.archiveBytes]: 7 };
const PRUNED: Meta = { ...ARCHIVED, [KEY.prunedAt]: 8 };

/** Each kind of query, with metadata that it must find. */
const QUERIES: readonly (readonly [query: ObjectQuery | undefined, meta: Meta])[] = [
  [undefined, IDLE],
  [{ prefix: "s" }, IDLE],
  [{ archived: false, lastActiveBefore: 5 }, IDLE],
  [{ archived: true }, ARCHIVED],
  [{ oldestArchivesLimit: 100 }, ARCHIVED],
  [{ prunedBefore: 8 }, PRUNED],
];

export const damageCases: readonly Case[] = [
  test(["objects", "damage"], "a listing gives all objects but the damaged ones, each once", async (subject) => {
    const { objects, damage } = subject;
    for (const [round, [query, meta]] of QUERIES.entries()) {
      const idOf = (id: string): string => `${id} of ${round}`;
      for (const id of IDS) await objects.put(idOf(id), { ...meta, id }, null);
      for (const id of DAMAGED) await damage(idOf(id));
      const what = `list(${JSON.stringify(query) ?? ""}) beside damaged objects`;
      const listed = (await all(objects.list(query))).filter(({ id }) => id.endsWith(` of ${round}`));
      equal(listed.map(({ id }) => id).toSorted(), WHOLE.map(idOf), `${what}: the ids`);
      for (const { id, meta: given } of listed) {
        equal(given, { ...meta, id: id.slice(0, 2) }, `${what}: the metadata of "${id}"`);
      }
    }
  }),

  test(["objects", "damage"], "get of a damaged object rejects with CORRUPT, and of no other", async (subject) => {
    const { objects, damage } = subject;
    for (const id of IDS) await objects.put(id, { id }, null);
    for (const id of DAMAGED) await damage(id);
    for (const id of DAMAGED) await rejects("CORRUPT", `get("${id}")`, () => objects.get(id));
    for (const id of WHOLE) equal((await objects.get(id))?.meta, { id }, `get("${id}")`);
  }),

  test(
    ["objects", "blobs", "archives", "damage"],
    "a sweep archives the other sessions, and leaves what a damaged one has",
    async (subject) => {
      const { objects, blobs, damage } = subject;
      for (const id of IDS) {
        await objects.put(id, IDLE, null);
        await blobs.create({ id, name: "output" }, "1", pieces(text(`{"id":"${id}"}\n`), 100));
      }
      for (const id of DAMAGED) await damage(id);
      const archiver = archiverOn(subject);
      const { archivedCount, failedCount } = await archiver.sweep({ inactiveDays: 1 });
      equal({ archivedCount, failedCount }, { archivedCount: WHOLE.length, failedCount: 0 }, "the sweep's report");
      for (const id of WHOLE) {
        equal((await archiver.info(id)).state, "archived", `the state of "${id}"`);
        equalBytes(await toBytes(archiver.read(id)), text(`{"id":"${id}"}\n`), `the output of "${id}"`);
      }
      for (const id of DAMAGED) {
        const ref = await blobs.stat({ id, name: "output" });
        equalBytes(ref ? await toBytes(blobs.read(ref)) : text(""), text(`{"id":"${id}"}\n`), `the blob of "${id}"`);
      }
    },
  ),
];
