/** Several sweepers on one store, each a process with a pool of its own. */
import { bytesOf, createArchiver } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import { all } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { newStore, servers, withPostgres } from "../support/stores.js";
import type { Swept } from "../support/sweep-child.js";
import { ended, startSweepers } from "../support/sweepers.js";

const SESSIONS = 200;
const TEXT = '{"type":"user","text":"Hello"}\n'.repeat(300);
const encoder = new TextEncoder();

withPostgres("sweepers", () => {
  const newSessions = async () => {
    const { store, schema } = await newStore();
    const archiver = createArchiver(store);
    const textOf = (n: number): Uint8Array => encoder.encode(`${n}\n${TEXT}`);
    await Promise.all(Array.from({ length: SESSIONS }, (_, n) => archiver.import(`s${n}`, bytesOf(textOf(n)))));
    /** Fails if anything is lost, or there twice. */
    const isWhole = async (): Promise<void> => {
      const keys = await all(store.archives.list());
      expect(keys.filter(({ key }) => !isRecordKey(key))).toHaveLength(SESSIONS);
      // Nor is anything left to be settled.
      expect(await all(store.objects.list({ archived: false }))).toEqual([]);
      for (let n = 0; n < SESSIONS; n++) {
        expect((await archiver.info(`s${n}`)).state).toBe("archived");
        expect(await archiver.read(`s${n}`).text()).toBe(`${n}\n${TEXT}`);
      }
    };
    const start = (count: number) => startSweepers(count, servers.postgres ?? "", schema);
    return { archiver, start, isWhole };
  };
  const sum = (swept: readonly Swept[], key: keyof Swept): number => swept.reduce((total, one) => total + one[key], 0);

  test("4 take little more statements than one, and each session is archived once", { timeout: 120_000 }, async () => {
    const one = await newSessions();
    const alone = await ended(await one.start(1));
    expect(sum(alone, "archived")).toBe(SESSIONS);
    const { start, isWhole } = await newSessions();
    const swept = await ended(await start(4));
    expect([sum(swept, "archived"), sum(swept, "failed")]).toEqual([SESSIONS, 0]);
    expect(sum(swept, "inVain")).toBeLessThanOrEqual(0.02 * SESSIONS);
    expect(sum(swept, "statements")).toBeLessThanOrEqual(1.3 * sum(alone, "statements"));
    await isWhole();
  });

  test("what one had claimed that was killed is archived by the others, in the same sweep", {
    timeout: 120_000,
  }, async () => {
    const { archiver, start, isWhole } = await newSessions();
    const [killed, ...others] = await start(3);
    expect(await killed?.heard()).toBe("working");
    await killed?.kill();
    const swept = await ended(others);
    expect(sum(swept, "failed")).toBe(0);
    // What it had written, and not committed.
    await archiver.gc({ graceDays: 0 });
    await archiver.gc({ graceDays: 0 });
    await isWhole();
  });
});
