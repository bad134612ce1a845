/** The server itself is killed, turned into a replica, and made read-only, while it is worked on. */
import { createArchiver, hasCode, toBytes } from "@session-archiver/core";
import { bytesOf } from "@session-archiver/core/adapter";
import { inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { startPostgres, whyNoPostgres } from "@session-archiver/test-kit/servers";
import { describe, expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/index.js";
import { leftovers } from "../support/leftovers.js";
import { newPool } from "../support/stores.js";
import { outcomes } from "../support/watched.js";

const withServer = whyNoPostgres() === undefined ? describe : describe.skip;
if (whyNoPostgres() !== undefined) console.warn(`Skipped: ${whyNoPostgres()}.`);

withServer("a server of its own", () => {
  /** With fsync, as a host has it. */
  const start = async () => {
    const server = await startPostgres();
    const pool = newPool(server.url);
    onTestFinished(async () => {
      await pool.end();
      await server.remove();
    });
    return { server, pool };
  };

  test("lines acknowledged before a kill are there after it, and the store goes on by itself", async () => {
    const { server, pool } = await start();
    await pool.query("CREATE SCHEMA s");
    const store = await openPostgres(pool, { schema: "s" });
    const archiver = createArchiver(store);
    const kept: string[][] = [];
    for (let round = 0; round < 3; round++) {
      const isOver = { value: false };
      const recording = Array.from({ length: 8 }, (_, n) => record(`r${round}-${n}`, isOver));
      const sweeping = sweepUntil(isOver);
      const writing = store.archives.put(`long${round}`, slowly(isOver)).then(
        () => expect.unreachable("A body that never ends was stored."),
        (error: unknown) => hasCode(error, "UNAVAILABLE") || Promise.reject(error),
      );
      await enough(recording, round);
      await server.kill();
      isOver.value = true;
      await Promise.all([...recording.map(({ done }) => done), sweeping, writing]);
      await server.startAgain();
      for (const { id, stored, unsure } of recording) {
        const lines = new TextDecoder().decode(await toBytes(archiver.read(id))).match(/.*\n/g) ?? [];
        expect(lines.filter((line) => !unsure.includes(line))).toEqual(stored);
        expect(new Set(lines).size).toBe(lines.length);
        kept.push(lines);
      }
    }
    await archiver.sweep({ inactiveDays: 0 });
    await archiver.gc();
    for (const [n, lines] of kept.entries()) {
      const id = `r${Math.floor(n / 8)}-${n % 8}`;
      expect(new TextDecoder().decode(await toBytes(archiver.read(id)))).toBe(lines.join(""));
    }
    expect(await leftovers(pool, "s", store)).toEqual([]);

    /** Appends lines until the server is gone. */
    function record(id: string, isOver: { readonly value: boolean }) {
      const [stored, unsure]: [string[], string[]] = [[], []];
      const work = async (): Promise<void> => {
        const recorder = archiver.recorder(id, { create: {} });
        for (let n = 0; !isOver.value; n++) {
          const line = `${n} ${"z".repeat(n % 1000)}\n`;
          try {
            await recorder.append(line);
            stored.push(line);
          } catch (error) {
            if (!hasCode(error, "UNAVAILABLE")) throw error;
            unsure.push(line);
            return;
          }
        }
      };
      return { id, stored, unsure, done: work() };
    }
    async function sweepUntil(isOver: { readonly value: boolean }): Promise<void> {
      while (!isOver.value) {
        await archiver.sweep({ inactiveDays: 0 }).catch((error: unknown) => {
          if (!hasCode(error, "UNAVAILABLE")) throw error;
        });
      }
    }
    async function* slowly(isOver: { readonly value: boolean }) {
      while (!isOver.value) yield pattern(MIB);
      yield pattern(MIB);
    }
    /** Waits until every recorder has acknowledged some lines. */
    async function enough(recording: readonly { readonly stored: readonly string[] }[], round: number): Promise<void> {
      while (recording.some(({ stored }) => stored.length < 20 + round * 30))
        await new Promise((go) => setImmediate(go));
    }
  });

  test("a server that turns read-only in the middle is UNAVAILABLE with a word; reads go on, and writes do when it is over", async () => {
    const { pool } = await start();
    const store = await openPostgres(pool);
    const at = await store.blobs.create({ id: "a", name: "output" }, "g", bytesOf(pattern(10)));
    const version = await store.objects.put("a", {}, null);
    const turn = async (state: string) => {
      await pool.query(`ALTER DATABASE postgres SET default_transaction_read_only = ${state}`).catch(() => {});
    };
    await turn("on");
    await drop(pool);
    const writes = () => [
      store.objects.put("a", { n: 1 }, version),
      store.objects.delete("a", version),
      store.blobs.append(at, pattern(5)),
      store.blobs.append(at, pattern(100_000)),
      store.blobs.create({ id: "b", name: "output" }, "g", nothing()),
      store.blobs.create({ id: "c", name: "output" }, "g", inChunks(pattern(5 * MIB), MIB)),
      store.archives.put("k", nothing()),
      store.archives.delete("k2"),
    ];
    const calls = writes();
    expect(new Set(await outcomes(calls))).toEqual(new Set(["UNAVAILABLE"]));
    await expect(calls[0]).rejects.toMatchObject({ id: "a", message: /read-only.*connect to the primary/ });
    expect(await toBytes(store.blobs.read(at))).toEqual(pattern(10));
    expect(await store.objects.get("a")).toMatchObject({ version });
    await expect(openPostgres(pool)).rejects.toMatchObject({ code: "UNAVAILABLE", message: /read-only here/ });
    await pool.query("BEGIN READ WRITE; ALTER DATABASE postgres RESET default_transaction_read_only; COMMIT");
    await drop(pool);
    expect((await store.blobs.append(at, pattern(5))).size).toBe(15);
  });

  test("a replica is refused when it is opened, and says so to a store that is open", async () => {
    const { server, pool } = await start();
    const store = await openPostgres(pool);
    await store.objects.put("a", { n: 1 }, null);
    await server.turnIntoReplica();
    const refused = { code: "UNAVAILABLE", message: /replica, which takes no writes.*primary/ };
    await expect(openPostgres(pool)).rejects.toMatchObject(refused);
    const writing = async () => store.objects.put("b", {}, null);
    // Connections of before are met first.
    for (let n = 0; n < 10; n++) await outcomes([store.objects.get("a")]);
    await expect(writing()).rejects.toMatchObject({ code: "UNAVAILABLE", message: /read-only.*replica/ });
    expect(await store.objects.get("a")).toMatchObject({ meta: { n: 1 } });
  });

  /** Ends the pool's idle connections, which keep the setting that they began with. */
  async function drop(pool: ReturnType<typeof newPool>): Promise<void> {
    const others =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()";
    const client = await pool.connect();
    await client.query(others);
    client.release(true);
    while (pool.idleCount > 0) await new Promise((go) => setImmediate(go));
  }
});
