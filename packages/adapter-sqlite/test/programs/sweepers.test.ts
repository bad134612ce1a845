/** Several processes that sweep one database. */
import { bytesOf, createArchiver } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import { all } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { startChild } from "../support/processes.js";
import { count, newStore, tamper } from "../support/stores.js";

const SESSIONS = 120;
const textOf = (n: number): string => `${n}\n${'{"type":"user","text":"Hello"}\n'.repeat(300)}`;

const newSessions = async () => {
  const { store, file } = await newStore();
  const archiver = createArchiver(store);
  const encoder = new TextEncoder();
  for (let n = 0; n < SESSIONS; n++) await archiver.import(`s${n}`, bytesOf(encoder.encode(textOf(n))));
  return { store, file, archiver };
};

test("4 at once archive each session once, and none in vain", async () => {
  const { store, file, archiver } = await newSessions();
  const sweepers = Array.from({ length: 4 }, () => startChild("sweep", file));
  for (const sweeper of sweepers) expect(await sweeper.heard()).toBe("ready");
  for (const sweeper of sweepers) sweeper.tell();
  const swept = await Promise.all(sweepers.map(async (sweeper) => JSON.parse(await sweeper.heard())));
  expect(await Promise.all(sweepers.map((sweeper) => sweeper.done()))).toEqual([0, 0, 0, 0]);
  const sum = (key: string): number => swept.reduce((total, one) => total + one[key], 0);
  expect([sum("archived"), sum("failed")]).toEqual([SESSIONS, 0]);
  expect(sum("inVain")).toBeLessThanOrEqual(0.02 * SESSIONS);
  const keys = await all(store.archives.list());
  expect(keys.filter(({ key }) => !isRecordKey(key))).toHaveLength(SESSIONS);
  for (let n = 0; n < SESSIONS; n++) expect(await archiver.read(`s${n}`).text()).toBe(textOf(n));
  expect(count(file, "SELECT count(*) FROM sa_claims")).toBe(0);
});

test.each([
  ["behind", -3_600_000],
  ["ahead", 3_600_000],
])("claims of a sweeper that is gone, whose clock was %s, keep nothing from being archived", async (_, shift) => {
  const { file, archiver } = await newSessions();
  const now = Date.now() + shift;
  tamper(file, `INSERT INTO sa_claims SELECT id, 'gone', ${now}, ${now + 20_000} FROM sa_objects`);
  expect(await archiver.sweep({ inactiveDays: 0 })).toMatchObject({ archivedCount: SESSIONS, skippedCount: 0 });
});
