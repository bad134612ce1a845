/** Every operation, cut off at every port call: nothing is lost, and what comes next works. */
import { describe, expect, test } from "vitest";
import { type Archiver, bytesOf, collect, createArchiver, memoryPorts, type Ports } from "../src/index.js";
import { Crash, crashAt, stepped } from "./simulation.js";
import { encode, jsonl } from "./support.js";

const text = jsonl(4);
const sidecar = "1\n2\n";

interface Scenario {
  readonly name: string;
  /** Brings the session into the state that the operation starts from, and tells its output then. */
  readonly prepare: (archiver: Archiver, ports: Ports) => Promise<string>;
  readonly operate: (archiver: Archiver) => Promise<unknown>;
  /** Output that is there only if the operation got that far. */
  readonly adds?: string;
}

async function live(_: Archiver, ports: Ports): Promise<string> {
  await ports.objects.put("s", { view: "agent", "session:last_activity_ms": 1, "session:line_count": 4 }, null);
  await ports.blobs.create({ id: "s", name: "output" }, "live-1", bytesOf(encode(text)));
  await ports.blobs.create({ id: "s", name: "times" }, "live-2", bytesOf(encode(sidecar)));
  return text;
}
async function archived(archiver: Archiver, ports: Ports): Promise<string> {
  await live(archiver, ports);
  await archiver.archive("s");
  return text;
}
async function resumed(archiver: Archiver, ports: Ports): Promise<string> {
  await archived(archiver, ports);
  await archiver.recorder("s").append("more\n");
  return `${text}more\n`;
}
async function pruned(archiver: Archiver, ports: Ports): Promise<string> {
  await archived(archiver, ports);
  await archiver.prune({ maxTotalBytes: 0, graceDays: 100 });
  return text;
}

const append = async (archiver: Archiver): Promise<void> => {
  const recorder = archiver.recorder("s");
  await recorder.append("new\n");
  await recorder.close();
};

const SCENARIOS: readonly Scenario[] = [
  { name: "append to a live session", prepare: live, operate: append, adds: "new\n" },
  { name: "append to an archived session", prepare: archived, operate: append, adds: "new\n" },
  { name: "append to a resumed session", prepare: resumed, operate: append, adds: "new\n" },
  { name: "append to a pruned session", prepare: pruned, operate: append, adds: "new\n" },
  { name: "archive", prepare: live, operate: (a) => a.archive("s") },
  { name: "archive of a resumed session (merge)", prepare: resumed, operate: (a) => a.archive("s") },
  { name: "restore", prepare: archived, operate: (a) => a.restore("s") },
  { name: "restore of a resumed session", prepare: resumed, operate: (a) => a.restore("s") },
  { name: "sweep", prepare: live, operate: (a) => a.sweep() },
  { name: "prune", prepare: archived, operate: (a) => a.prune({ maxTotalBytes: 0, graceDays: 100 }) },
  { name: "undo of a prune", prepare: pruned, operate: (a) => a.undoPrune("s") },
  {
    name: "collect",
    prepare: async (archiver, ports) => {
      const expected = await resumed(archiver, ports);
      await archiver.archive("s");
      return expected;
    },
    operate: (a) => a.collect({ graceDays: 0 }),
  },
];

/** What a session must hold, whatever happened: read, verified, then taken through its whole life. */
async function checkWhole(ports: Ports, allowed: readonly string[]): Promise<void> {
  const archiver = createArchiver(ports);
  const read = async (name: string): Promise<string> =>
    new TextDecoder().decode(await collect(archiver.read("s", { name })));
  if ((await archiver.info("s")).state === "pruned") await archiver.undoPrune("s");
  const before = await read("output");
  expect(allowed).toContain(before);
  const same = async (): Promise<void> => {
    expect(await read("output")).toBe(before);
    expect(await read("times")).toBe(sidecar);
    await archiver.verify("s");
  };
  await same();
  await archiver.settle("s");
  await same();
  await archiver.collect({ graceDays: 0 });
  await same();
  await archiver.archive("s");
  await same();
  expect((await archiver.info("s")).state).toBe("archived");
  for (const name of ["output", "times"]) expect(await ports.blobs.stat({ id: "s", name })).toBeUndefined();
  await archiver.restore("s");
  await same();
  expect((await archiver.info("s")).state).toBe("live");
  await archiver.collect({ graceDays: 0 });
  await same();
  const keys: string[] = [];
  for await (const { key } of ports.archives.list()) keys.push(key);
  expect(keys).toEqual([]);
}

async function runUntil(ports: Ports, scenario: Scenario, at: number): Promise<{ died: boolean }> {
  const crash = crashAt(at);
  const archiver = createArchiver(stepped(ports, crash.step));
  await Promise.resolve(scenario.operate(archiver)).catch((error: unknown) => {
    for (let cause: unknown = error; cause; cause = (cause as Error).cause) if (cause instanceof Crash) return;
    throw error;
  });
  return { died: crash.died() };
}

describe.each(SCENARIOS)("$name", (scenario) => {
  test("is whole after a crash at any port call", async () => {
    for (let at = 0; ; at++) {
      const ports = memoryPorts();
      const expected = await scenario.prepare(createArchiver(ports), ports);
      const { died } = await runUntil(ports, scenario, at);
      await checkWhole(ports, [expected, expected + (scenario.adds ?? "")]);
      if (!died) break;
      expect(at).toBeLessThan(2000);
    }
  });

  test("is whole after a second crash, during the recovery from a first", async () => {
    for (let first = 0; ; first += 3) {
      let firstDied = false;
      for (let second = 0; ; second += 2) {
        const ports = memoryPorts();
        const expected = await scenario.prepare(createArchiver(ports), ports);
        firstDied = (await runUntil(ports, scenario, first)).died;
        const { died } = await runUntil(ports, { ...scenario, operate: (a) => a.settle("s") }, second);
        await checkWhole(ports, [expected, expected + (scenario.adds ?? "")]);
        if (!died) break;
      }
      if (!firstDied) break;
    }
  });
});

test("making a lost manifest anew is whole after a crash at any port call", async () => {
  for (let at = 0; ; at++) {
    const ports = memoryPorts();
    const expected = await archived(createArchiver(ports), ports);
    for await (const { key } of ports.archives.list()) if (key.endsWith(".json")) await ports.archives.delete(key);
    const operate = (archiver: Archiver): Promise<unknown> => archiver.archive("s");
    const { died } = await runUntil(ports, { name: "archive", prepare: archived, operate }, at);
    await createArchiver(ports).archive("s");
    await checkWhole(ports, [expected]);
    if (!died) break;
    expect(at).toBeLessThan(2000);
  }
});
