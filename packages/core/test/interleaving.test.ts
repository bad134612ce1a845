/** Archivers, a sweeper, restorers, a pruner, collectors, readers and a writer on one session, in seeded orders of their calls. */
import { expect, test } from "vitest";
import { bytesOf, collect, createArchiver, hasCode, memoryPorts } from "../src/index.js";
import { interleave, mulberry32, stepped } from "./simulation.js";
import { encode } from "./support.js";

const SCHEDULES = Number(process.env["SESSION_ARCHIVER_SCHEDULES"] ?? 1000);
const FIRST = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);

/** Losing a race is an answer; what must not happen is wrong or lost bytes. */
async function tolerate(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!hasCode(error, "CONFLICT", "PRUNED", "INVALID_ARGUMENT")) throw error;
  });
}

async function run(seed: number): Promise<void> {
  const random = mulberry32(seed);
  const ports = memoryPorts();
  await ports.objects.put("s", { view: "agent", "session:last_activity_ms": 1, "session:line_count": 1 }, null);
  await ports.blobs.create({ id: "s", name: "output" }, "live-0", bytesOf(encode("0\n")));
  if (random() < 0.5) await ports.blobs.create({ id: "s", name: "times" }, "live-t", bytesOf(encode("t\n")));
  const hasSidecar = (await ports.blobs.stat({ id: "s", name: "times" })) !== undefined;
  if (random() < 0.5) await createArchiver(ports).archive("s");
  let acknowledged = "0\n";
  let written = "0\n";
  const read = async (archiver: ReturnType<typeof createArchiver>, name = "output"): Promise<string> =>
    new TextDecoder().decode(await collect(archiver.read("s", { name })));

  const repeat =
    (times: number, work: (archiver: ReturnType<typeof createArchiver>, round: number) => Promise<void>) =>
    async (step: (call: string) => Promise<void>): Promise<void> => {
      const archiver = createArchiver(stepped(ports, step));
      for (let round = 0; round < times; round++) await work(archiver, round);
    };
  const writer = async (step: (call: string) => Promise<void>): Promise<void> => {
    const recorder = createArchiver(stepped(ports, step)).recorder("s", { statsEveryMs: 0 });
    for (let line = 1; line <= 4; line++) {
      written += `${line}\n`;
      await recorder.append(`${line}\n`);
      acknowledged += `${line}\n`;
    }
    await recorder.close();
  };
  const reader = repeat(2, async (archiver) => {
    const least = acknowledged;
    await tolerate(
      read(archiver).then((text) => {
        expect(written.startsWith(text)).toBe(true);
        expect(text.length).toBeGreaterThanOrEqual(least.length);
      }),
    );
    if (hasSidecar) await tolerate(read(archiver, "times").then((text) => expect(text).toBe("t\n")));
  });
  await interleave(seed, random() < 0.5 ? 0.08 : 0.5, [
    writer,
    reader,
    repeat(2, (a) => tolerate(a.archive("s"))),
    repeat(2, (a) => tolerate(a.archive("s"))),
    // What it has listed may be long out of date when it comes to archive it.
    repeat(2, async (a) => {
      const { failures } = await a.sweep({ inactiveDays: 0 });
      expect(failures.filter(({ code }) => code !== "CONFLICT")).toEqual([]);
    }),
    repeat(2, (a) => tolerate(a.restore("s"))),
    repeat(1, (a) => tolerate(a.restore("s"))),
    repeat(2, (a) => tolerate(a.settle("s"))),
    repeat(2, (a) => tolerate(a.collect({ graceDays: 0 }))),
    repeat(2, (a) => tolerate(a.collect({ graceDays: 0 }))),
    repeat(1, (a) => tolerate(a.collect({ graceDays: 0 }))),
    repeat(1, async (a) => {
      await tolerate(a.prune({ maxTotalBytes: 0, graceDays: 100 }));
      await tolerate(a.undoPrune("s"));
    }),
  ]);
  expect(acknowledged).toBe(written);
  const archiver = createArchiver(ports);
  if ((await archiver.info("s")).state === "pruned") await archiver.undoPrune("s");
  const whole = async (): Promise<void> => {
    expect(await read(archiver)).toBe(acknowledged);
    if (hasSidecar) expect(await read(archiver, "times")).toBe("t\n");
    await archiver.verify("s");
  };
  await whole();
  await archiver.settle("s");
  await archiver.collect({ graceDays: 0 });
  await whole();
  await archiver.archive("s");
  await whole();
  expect((await archiver.info("s")).lineCount).toBe(5);
}

test(`${SCHEDULES} schedules from seed ${FIRST} lose nothing`, { timeout: 600_000 }, async () => {
  for (let seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
    await run(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    });
  }
});
