/**
 * Figures of docs/adr/0050-postgres-layout.md. From the root, once it is built:
 * node --import ./packages/test-kit/src/machine/source-hooks.ts packages/adapter-postgres/test/measure/measure.ts
 */
import { type Bytes, createArchiver, type Ports } from "@session-archiver/core";
import { inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { type Measured, median, seconds, startStores } from "./stores.js";

const ROUNDS = 3;
const SESSIONS = 100;

const stores = await startStores();
try {
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`Round ${round}`);
    await measureAppends(stores);
    await measureStreams(stores);
    await measureSweep(stores);
  }
} finally {
  await stores.remove();
}

async function measureAppends({ pool, host, postgres, sqlite }: Measured): Promise<void> {
  const line = pattern(500);
  const grow = async ({ blobs }: Ports, each: number): Promise<number> => {
    const refs = await Promise.all(
      Array.from({ length: SESSIONS }, (_, n) => blobs.create({ id: `s${n}`, name: "output" }, "g", nothing())),
    );
    const spent = await seconds(() =>
      Promise.all(
        refs.map(async (start) => {
          let at = start;
          for (let n = 0; n < each; n++) at = await blobs.append(at, line);
        }),
      ),
    );
    return (SESSIONS * each) / spent;
  };
  await pool.query(
    "DROP TABLE IF EXISTS plain; CREATE TABLE plain (session int, at int, bytes bytea, PRIMARY KEY (session, at))",
  );
  const plainly = 400;
  const plain = await seconds(async () => {
    for (let n = 0; n < plainly; n++)
      await pool.query("INSERT INTO plain VALUES ($1, $2, $3)", [n % SESSIONS, n, line]);
  });
  const store = await postgres();
  host.taken();
  const grouped = await grow(store, 50);
  const statements = host.taken().length - SESSIONS;
  const inSqlite = await grow(await sqlite(), 50);
  const perSecond = plainly / plain;
  console.log(
    `  appends of 500 bytes a second: a plain INSERT in a loop ${perSecond.toFixed(0)}, ${SESSIONS} sessions ${grouped.toFixed(0)} ` +
      `(${(grouped / perSecond).toFixed(1)} times; ${((SESSIONS * 50) / statements).toFixed(0)} a statement), SQLite ${inSqlite.toFixed(0)}`,
  );
}

/** Lines as agents write them, no two alike. */
async function* transcript(mebibytes: number): Bytes {
  const encoder = new TextEncoder();
  for (let part = 0; part < mebibytes; part++) {
    let text = "";
    for (let n = 0; text.length < MIB; n++) {
      const hash = Math.imul(part * 7919 + n, 0x9e3779b1) >>> 0;
      text += `{"type":"assistant","uuid":"${hash.toString(16)}-${n}","message":{"role":"assistant","content":[{"type":"text","text":"Step ${n}: I looked at file${hash % 997}.ts and changed line ${hash % 4001}."}]}}\n`;
    }
    yield encoder.encode(text.slice(0, MIB));
  }
}

async function measureStreams({ postgres, sqlite }: Measured): Promise<void> {
  const size = 64;
  for (const [name, open] of [
    ["PostgreSQL", postgres],
    ["SQLite", sqlite],
  ] as const) {
    const { blobs, archives } = await open();
    const key = { id: "s", name: "output" };
    let ref = { key, generation: "g", size: 0 };
    const drain = async (bytes: Bytes): Promise<void> => {
      for await (const _ of bytes);
    };
    const write = await seconds(async () => (ref = await blobs.create(key, "g", transcript(size))));
    const read = await seconds(() => drain(blobs.read(ref)));
    const ranges = await seconds(async () => {
      for (let n = 0; n < 100; n++) await drain(blobs.read(ref, { start: n * 600_000, end: n * 600_000 + 4096 }));
    });
    const packed = pattern(16 * MIB);
    const put = await seconds(() => archives.put("k", inChunks(packed, MIB)));
    const fetched = await seconds(() => drain(archives.read("k")));
    const deleted = await seconds(() => blobs.delete(ref));
    console.log(
      `  ${name}: blobs MB/s written ${(size / write).toFixed(0)}, read ${(size / read).toFixed(0)}; 4 KiB of them in ${(ranges * 10).toFixed(1)} ms; ` +
        `archives written ${(16 / put).toFixed(0)}, read ${(16 / fetched).toFixed(0)}; ${size} MB deleted in ${(deleted * 1000).toFixed(0)} ms`,
    );
  }
}

async function measureSweep({ host, postgres, sqlite }: Measured): Promise<void> {
  for (const [name, open] of [
    ["PostgreSQL", postgres],
    ["SQLite", sqlite],
  ] as const) {
    const archiver = createArchiver(await open());
    const sizes = Array.from({ length: 200 }, (_, n) => 8_000 + ((n * 7919) % 60_000));
    const body = async function* (bytes: number): Bytes {
      for await (const part of transcript(1)) yield part.slice(0, bytes);
    };
    const imported = await seconds(async () => {
      for (let n = 0; n < sizes.length; n += 20) {
        await Promise.all(sizes.slice(n, n + 20).map((bytes, k) => archiver.import(`s${n + k}`, body(bytes))));
      }
    });
    host.taken();
    const swept = await seconds(() => archiver.sweep({ inactiveDays: 0 }));
    const statements = host.taken().length / sizes.length;
    console.log(
      `  ${name}: sessions of ${(median(sizes) / 1000).toFixed(0)} kB a second: imported ${(sizes.length / imported).toFixed(0)}, ` +
        `swept ${(sizes.length / swept).toFixed(0)}${name === "SQLite" ? "" : ` (${statements.toFixed(1)} statements each)`}`,
    );
  }
}
