/** Claims: several sweepers share the work, and nothing else comes of it. */
import type { Claimed } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { type Claimable, offering } from "../subject.js";
import { check, equal, equalSets, rejects } from "../support/assert.js";
import { turn, upTo } from "../support/data.js";
import { ILLEGAL_NAMES, LEGAL_NAMES } from "../support/names.js";

const test = about("Claims");

const LONG_MS = 60_000;
const SHORT_MS = 300;
/** A claim of a short time that has not ended by then never does. */
const PATIENCE_MS = 20_000;

async function put(objects: Claimable, ids: readonly string[]): Promise<void> {
  for (const id of ids) await objects.put(id, { is: id }, null);
}

const take = (objects: Claimable, owner: string, ids: readonly string[], ttlMs = LONG_MS): Promise<Claimed> =>
  objects.claim(owner, { take: ids, release: [] }, ttlMs);

const release = (objects: Claimable, owner: string, ids: readonly string[]): Promise<Claimed> =>
  objects.claim(owner, { take: [], release: ids }, LONG_MS);

function equalClaims(
  { objects, held }: Claimed,
  mine: readonly string[],
  others: readonly string[],
  what: string,
): void {
  const ids = objects.map(({ id }) => id);
  equalSets(ids, mine, `${what}: the ids of the objects`);
  equalSets(held, others, `${what}: those that others hold`);
}

/** Asks again and again until the owner gets it. */
async function untilTaken(objects: Claimable, owner: string, id: string): Promise<void> {
  const start = performance.now();
  while ((await take(objects, owner, [id])).objects.length === 0) {
    check(performance.now() - start < PATIENCE_MS, `a claim of ${SHORT_MS} ms has not ended after ${PATIENCE_MS} ms.`);
    await turn();
  }
}

export const claimCases: readonly Case[] = [
  test(["claim"], "claim gives the objects that it takes, and the ids that others hold", async ({ objects }) => {
    await put(objects, ["a", "b", "c"]);
    const version = (await objects.get("a"))?.version ?? "";
    const first = await take(objects, "one", ["a", "b", "absent"]);
    equalClaims(first, ["a", "b"], [], "the first");
    equal(
      first.objects.find(({ id }) => id === "a"),
      { id: "a", version, meta: { is: "a" } },
      "the object",
    );
    equalClaims(await take(objects, "two", ["c", "b", "a"]), ["c"], ["a", "b"], "another's");
    equalClaims(await take(objects, "two", []), [], [], "of nothing");
  }),

  test(["claim"], "an owner gets what it holds again", async ({ objects }) => {
    await put(objects, ["a", "b"]);
    await take(objects, "one", ["a"]);
    equalClaims(await take(objects, "one", ["a", "b"]), ["a", "b"], [], "its own");
  }),

  test(["claim"], "what an owner releases is free; what another owner releases is not", async ({ objects }) => {
    await put(objects, ["a", "b"]);
    await take(objects, "one", ["a", "b"]);
    await release(objects, "two", ["a", "b"]);
    equalClaims(await take(objects, "two", ["a", "b"]), [], ["a", "b"], "after its own release");
    await release(objects, "one", ["b", "absent"]);
    equalClaims(await take(objects, "two", ["a", "b"]), ["b"], ["a"], "after the owner's release");
    await objects.claim("one", { take: ["a"], release: ["a"] }, LONG_MS);
    equalClaims(await take(objects, "two", ["a"]), [], ["a"], "after it was released and taken at once");
  }),

  test(["claim"], "of many owners that ask at once each id goes to one", async ({ objects }) => {
    const ids = upTo(20).map((n) => `s${n}`);
    await put(objects, ids);
    for (const round of upTo(4)) {
      const owners = upTo(6).map((n) => `${round} ${n}`);
      const claims = await Promise.all(
        owners.map((owner, n) => take(objects, owner, n % 2 === 0 ? ids : ids.toReversed())),
      );
      equalSets(
        claims.flatMap((claimed) => claimed.objects.map(({ id }) => id)),
        ids,
        "the ids that were given",
      );
      for (const { objects: mine, held } of claims) equal(mine.length + held.length, ids.length, "the answer of one");
      await Promise.all(owners.map((owner) => release(objects, owner, ids)));
    }
  }),

  test(["claim"], "a claim ends after its time, and a call that changes nothing prolongs it", async ({ objects }) => {
    await put(objects, ["kept", "ended"]);
    await take(objects, "one", ["kept"], SHORT_MS);
    await objects.claim("one", { take: [], release: [] }, LONG_MS);
    await take(objects, "gone", ["ended"], SHORT_MS);
    await untilTaken(objects, "two", "ended");
    equalClaims(await take(objects, "two", ["kept", "ended"]), ["ended"], ["kept"], "after the short time");
    await take(objects, "two", ["ended"], SHORT_MS);
    await untilTaken(objects, "three", "ended");
  }),

  test(["claim"], "a claim keeps nobody from anything", async ({ objects }) => {
    await put(objects, ["a", "b"]);
    const { objects: claimed } = await take(objects, "one", ["a", "b"]);
    const [a, b] = ["a", "b"].map((id) => claimed.find((object) => object.id === id)?.version ?? "");
    const version = await objects.put("a", { is: "changed" }, a ?? "");
    await objects.delete("b", b ?? "");
    const again = await take(objects, "one", ["a", "b"]);
    equal(again, { objects: [{ id: "a", version, meta: { is: "changed" } }], held: [] }, "what the owner gets again");
    equalClaims(await take(objects, "two", ["a", "b"]), [], ["a"], "another's, of what there is");
  }),

  test(["claim"], "ids of all kinds are claimed as they are", async ({ objects }) => {
    await put(objects, LEGAL_NAMES);
    const some = LEGAL_NAMES.filter((_, n) => n % 2 === 0);
    const others = LEGAL_NAMES.filter((_, n) => n % 2 === 1);
    equalClaims(await take(objects, "one", some), some, [], "some");
    equalClaims(await take(objects, "two", LEGAL_NAMES), others, some, "all");
    await release(objects, "one", some);
    equalClaims(await take(objects, "three", LEGAL_NAMES), some, others, "after some were released");
  }),

  test(["claim"], "claim refuses illegal ids and owners, and claims nothing", async ({ objects }) => {
    await put(objects, ["a"]);
    for (const { what, value } of ILLEGAL_NAMES) {
      await rejects("INVALID_ARGUMENT", `an id ${what}`, () => take(objects, "one", ["a", value]));
      await rejects("INVALID_ARGUMENT", `an id to release ${what}`, () => release(objects, "one", ["a", value]));
      await rejects("INVALID_ARGUMENT", `an owner ${what}`, () => take(objects, value, ["a"]));
    }
    equalClaims(await take(objects, "two", ["a"]), ["a"], [], "afterwards");
  }),

  test(["claim"], "claim with an aborted signal claims nothing", async ({ objects }) => {
    await put(objects, ["a"]);
    const aborted = { signal: AbortSignal.abort(new Error("the caller gave up")) };
    const change = { take: ["a"], release: [] };
    await rejects("ABORTED", "claim", () => objects.claim("one", change, LONG_MS, aborted));
    equalClaims(await take(objects, "two", ["a"]), ["a"], [], "afterwards");
  }),

  test(["claim", "peer"], "each instance sees the other's claims", async (subject) => {
    const { objects } = subject;
    const other = offering(await subject.peer(), ["claim"]).objects;
    await put(objects, ["a", "b"]);
    await take(objects, "one", ["a"]);
    equalClaims(await take(other, "two", ["a", "b"]), ["b"], ["a"], "the other's");
    await release(objects, "one", ["a"]);
    equalClaims(await take(other, "two", ["a"]), ["a"], [], "the other's, after a release");
  }),
];
