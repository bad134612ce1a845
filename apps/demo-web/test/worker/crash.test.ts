import { createArchiver, memoryPorts, type Ports, toBytes } from "@session-archiver/core";
import { sessionIdOf } from "@session-archiver/core/format";
import { expect, test } from "vitest";
import { crashingAt } from "./support/crash.ts";
import { fileOf, textOf, userLine, utf8 } from "./support/files.ts";
import { newName, openService, type TestService } from "./support/service.ts";

const TEXT = userLine("One") + userLine("Two");
const LONGER = TEXT + userLine("Three");

/** Runs `work` on stores that die at each of their writes in turn, then `check` on what a new tab finds and tidies. */
async function atEveryWrite(
  prepare: (service: TestService) => Promise<unknown>,
  work: (service: TestService) => Promise<unknown>,
  check: (service: TestService) => Promise<void>,
): Promise<number> {
  for (let write = 0; ; write++) {
    for (const isDone of [false, true]) {
      const ports = memoryPorts();
      const name = newName();
      await prepare(await openService({ ports }));
      const crash = crashingAt(ports, write, isDone);
      const crashed = await openService({ ports: crash.ports, name });
      await work(crashed).catch(() => {});
      if (!crash.hasHappened) return write;
      await crashed.api.close();
      await check(await openService({ ports, name }));
    }
  }
}

async function bytesLeft(ports: Ports, id: string): Promise<{ readonly blobs: number; readonly archives: number }> {
  const left = { blobs: 0, archives: 0 };
  for await (const _ of ports.blobs.list(id)) left.blobs++;
  for await (const { key } of ports.archives.list()) if (sessionIdOf(key) === id) left.archives++;
  return left;
}

test("an import that is cut short leaves a whole session or none, and can be done again", async () => {
  const writes = await atEveryWrite(
    async () => {},
    ({ api }) => api.importFiles([fileOf("s.jsonl", TEXT)]),
    async ({ api, ports }) => {
      const rows = await api.list();
      if (rows.length === 0) {
        expect(await ports.objects.get("s")).toBeUndefined();
        expect(await bytesLeft(ports, "s")).toEqual({ blobs: 0, archives: 0 });
      } else {
        expect(rows).toMatchObject([{ id: "s", title: "One", lineCount: 2, rawBytes: TEXT.length }]);
        expect(await textOf(createArchiver(ports).read("s"))).toBe(TEXT);
      }
      expect((await api.importFiles([fileOf("s.jsonl", LONGER)])).failures).toEqual([]);
      expect(await textOf(createArchiver(ports).read("s"))).toBe(LONGER);
      expect(await api.row("s")).toMatchObject({ lineCount: 3, rawBytes: LONGER.length });
    },
  );
  expect(writes).toBeGreaterThanOrEqual(3);
});

test("an import whose bytes were all there when its tab was closed is finished", async () => {
  const ports = memoryPorts();
  const name = newName();
  const crash = crashingAt(ports, 1, true);
  const crashed = await openService({ ports: crash.ports, name });
  const report = await crashed.api.importFiles([fileOf("s.jsonl", TEXT)]);
  expect(report.failures).toMatchObject([{ code: "UNAVAILABLE" }]);
  const { api } = await openService({ ports, name });
  expect(await api.list()).toMatchObject([{ id: "s", title: "One", lineCount: 2, rawBytes: TEXT.length }]);
});

test("an import that adds to a session and is cut short leaves a prefix of the file, counted right", async () => {
  const writes = await atEveryWrite(
    ({ api }) => api.importFiles([fileOf("s.jsonl", TEXT)]),
    ({ api }) => api.importFiles([fileOf("s.jsonl", LONGER)]),
    async ({ api, ports }) => {
      const held = await textOf(createArchiver(ports).read("s"));
      expect([TEXT, LONGER]).toContain(held);
      expect(await api.row("s")).toMatchObject({ rawBytes: utf8(held).length, lineCount: held === TEXT ? 2 : 3 });
      expect((await api.importFiles([fileOf("s.jsonl", LONGER)])).failures).toEqual([]);
      expect(await textOf(createArchiver(ports).read("s"))).toBe(LONGER);
    },
  );
  expect(writes).toBeGreaterThanOrEqual(4);
});

test.each(["live", "archived", "resumed"])(
  "a deletion that is cut short leaves the whole session or nothing at all: %s",
  async (state) => {
    const writes = await atEveryWrite(
      async ({ api }) => {
        await api.importFiles([fileOf("s.jsonl", TEXT)]);
        if (state !== "live") await api.archive("s");
        if (state === "resumed") await api.importFiles([fileOf("s.jsonl", LONGER)]);
      },
      ({ api }) => api.remove("s"),
      async ({ api, ports }) => {
        const isThere = (await api.list()).length > 0;
        if (isThere) {
          expect(await textOf(createArchiver(ports).read("s"))).toBe(state === "resumed" ? LONGER : TEXT);
          await api.remove("s");
        }
        expect(await ports.objects.get("s")).toBeUndefined();
        expect((await bytesLeft(ports, "s")).blobs).toBe(0);
        // What is left in the sink no session names: it is what `collect` is for.
        await createArchiver(ports).gc({ graceDays: 0 });
        expect((await bytesLeft(ports, "s")).archives).toBe(0);
        // Nothing of it comes back with a new session of the same id.
        expect((await api.importFiles([fileOf("s.jsonl", "{}\n")])).imported).toMatchObject([{ id: "s" }]);
        expect(await textOf(createArchiver(ports).read("s"))).toBe("{}\n");
      },
    );
    expect(writes).toBeGreaterThanOrEqual(5);
  },
);

test("an agent whose tab is closed leaves a session that reads whole and is counted right", async () => {
  const writes = await atEveryWrite(
    async ({ api }) => {
      await api.importFiles([fileOf("s.jsonl", TEXT)]);
      await api.archive("s");
    },
    async ({ api }) => {
      await api.startAgent("s");
      await api.stopAgent("s");
    },
    async ({ api, ports }) => {
      const held = await textOf(createArchiver(ports).read("s"));
      expect(held.startsWith(TEXT)).toBe(true);
      const lines = held.split("\n").length - 1;
      expect(await api.row("s")).toMatchObject({ rawBytes: utf8(held).length, lineCount: lines, agentRunning: false });
      expect((await api.openTranscript("s")).lineCount).toBe(lines);
      await api.archive("s");
      await api.verify("s");
    },
  );
  expect(writes).toBeGreaterThanOrEqual(4);
});

test("an archive or restore that is cut short is finished by the next tab", async () => {
  for (const operation of ["archive", "restore"] as const) {
    const writes = await atEveryWrite(
      async ({ api }) => {
        await api.importFiles([fileOf("s.jsonl", TEXT)]);
        if (operation === "restore") await api.archive("s");
      },
      ({ api }) => api[operation]("s"),
      async ({ api, ports }) => {
        const row = await api.row("s");
        const blobs: number[] = [];
        for await (const blob of ports.blobs.list("s")) blobs.push(blob.size);
        expect(row.liveBytes).toBe(blobs.reduce((sum, size) => sum + size, 0));
        expect(row.rawBytes).toBe(TEXT.length);
        expect([0, TEXT.length]).toContain(row.liveBytes);
        expect(row.state).toBe(row.liveBytes === 0 ? "archived" : "live");
        expect(await toBytes(createArchiver(ports).read("s"))).toHaveLength(TEXT.length);
      },
    );
    expect(writes).toBeGreaterThanOrEqual(3);
  }
});

test("a session that another tab is making is not taken for a leftover", async () => {
  const ports = memoryPorts();
  const name = newName();
  const gate = Promise.withResolvers<void>();
  const bothBegan = Promise.withResolvers<void>();
  let began = 0;
  const slow: Ports = {
    ...ports,
    blobs: {
      ...ports.blobs,
      async create(...args) {
        if (++began === 2) bothBegan.resolve();
        await gate.promise;
        return ports.blobs.create(...args);
      },
    },
  };
  const first = await openService({ ports: slow, name });
  const importing = first.api.importFiles([fileOf("s.jsonl", TEXT)]);
  const generating = first.api.generate({ count: 1, bytes: 1000, overDays: 1 });
  await bothBegan.promise;
  const second = await openService({ ports, name });
  expect(await second.api.list()).toEqual([]);
  await expect(second.api.row("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
  gate.resolve();
  expect((await importing).imported).toMatchObject([{ id: "s" }]);
  await generating;
  expect(await second.api.list()).toHaveLength(2);
});

test("a deletion that an earlier version of the app has begun is finished", async () => {
  const ports = memoryPorts();
  const { api } = await openService({ ports });
  await api.importFiles([fileOf("s.jsonl", TEXT)]);
  await api.archive("s");
  await createArchiver(ports).update("s", (meta) => ({ ...meta, "demo:removing": true }));
  expect(await api.list()).toEqual([]);
  await openService({ ports });
  expect(await ports.objects.get("s")).toBeUndefined();
});

test("a deletion touches no session whose id begins the same", async () => {
  const { api } = await openService();
  await api.importFiles(["s", "s.b", "s.b.c"].map((id) => fileOf(`${id}.jsonl`, userLine(id))));
  for (const id of ["s", "s.b", "s.b.c"]) await api.archive(id);
  await api.remove("s.b");
  for (const id of ["s", "s.b.c"]) await api.verify(id);
  expect((await api.list()).map(({ id }) => id).sort()).toEqual(["s", "s.b.c"]);
});
