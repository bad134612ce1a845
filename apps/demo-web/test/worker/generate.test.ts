import { createArchiver, memoryPorts, type Ports } from "@session-archiver/core";
import { expect, test } from "vitest";
import { textOf } from "./support/files.ts";
import { DAY_MS, NOW, openService } from "./support/service.ts";

test("makes sessions of the given size and of each kind, with last activities spread over the days", async () => {
  const { api, ports, events } = await openService();
  await api.generate({ count: 10, bytes: 40_000, overDays: 50 });
  const rows = await api.list();
  expect(rows).toHaveLength(10);
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(["claude-code", "codex"]));
  const ages = rows.map(({ lastActivityMs }) => (NOW - (lastActivityMs ?? 0)) / DAY_MS).sort((a, b) => a - b);
  for (const [i, age] of ages.entries()) {
    expect(age).toBeGreaterThan(i * 5 - 0.2);
    expect(age).toBeLessThan((i + 1) * 5 + 0.2);
  }
  for (const { id, title, rawBytes, kind } of rows) {
    expect(rawBytes).toBeGreaterThanOrEqual(40_000);
    expect(rawBytes).toBeLessThan(80_000);
    expect(title).toMatch(/[a-z] [a-z]/);
    const [first] = (await textOf(createArchiver(ports).read(id))).split("\n");
    expect(JSON.parse(first ?? "")).toMatchObject({ type: kind === "codex" ? "session_meta" : "summary" });
  }
  expect(events.findLast((event) => event.type === "progress")).toMatchObject({
    progress: { operation: "generate", doneCount: 10, totalCount: 10, doneBytes: 400_000, totalBytes: 400_000 },
  });
});

test.each([
  { count: 0, bytes: 1, overDays: 1 },
  { count: 1.5, bytes: 1, overDays: 1 },
  { count: 1, bytes: Number.NaN, overDays: 1 },
  { count: 1, bytes: 1, overDays: -1 },
])("refuses %j", async (options) => {
  const { api } = await openService();
  await expect(api.generate(options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await api.list()).toEqual([]);
});

test("a cancel rejects with ABORTED and leaves no partial session", async () => {
  const inner = memoryPorts();
  const third = Promise.withResolvers<void>();
  let made = 0;
  const ports: Ports = {
    ...inner,
    blobs: {
      ...inner.blobs,
      create: (...args) => {
        if (++made === 3) third.resolve();
        return inner.blobs.create(...args);
      },
    },
  };
  const { api } = await openService({ ports });
  third.promise.then(() => api.cancel());
  await expect(api.generate({ count: 5, bytes: 3_000_000, overDays: 1 })).rejects.toMatchObject({ code: "ABORTED" });
  expect(await api.list()).toHaveLength(2);
  let objects = 0;
  for await (const _ of ports.objects.list()) objects++;
  expect(objects).toBe(2);
});
