/** Several sweepers on one store, each a process with a pool of its own. */
import { bytesOf, createArchiver } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import { all } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { newStore, servers, withPostgres } from "../support/stores.js";
import { sweepTogether } from "../support/sweepers.js";

const SESSIONS = 200;
const TEXT = '{"type":"user","text":"Hello"}\n'.repeat(300);
const encoder = new TextEncoder();

withPostgres("sweepers", () => {
  /** What that many sweepers of a new store do, and its archiver afterwards. */
  const sweep = async (count: number) => {
    const { store, schema } = await newStore();
    const archiver = createArchiver(store);
    await Promise.all(
      Array.from({ length: SESSIONS }, (_, n) => archiver.import(`s${n}`, bytesOf(encoder.encode(`${n}\n${TEXT}`)))),
    );
    const swept = await sweepTogether(count, servers.postgres ?? "", schema);
    const sum = (key: keyof (typeof swept)[number]): number => swept.reduce((total, one) => total + one[key], 0);
    return { archiver, store, sum };
  };

  test("4 take little more statements than one, and each session is archived once", { timeout: 120_000 }, async () => {
    const { sum: alone } = await sweep(1);
    expect(alone("archived")).toBe(SESSIONS);
    const { archiver, store, sum } = await sweep(4);
    expect([sum("archived"), sum("failed")]).toEqual([SESSIONS, 0]);
    expect(sum("inVain")).toBeLessThanOrEqual(0.02 * SESSIONS);
    expect(sum("statements")).toBeLessThanOrEqual(1.3 * alone("statements"));
    const keys = await all(store.archives.list());
    expect(keys.filter(({ key }) => !isRecordKey(key))).toHaveLength(2 * SESSIONS);
    for (let n = 0; n < SESSIONS; n++) expect(await archiver.read(`s${n}`).text()).toBe(`${n}\n${TEXT}`);
  });
});
