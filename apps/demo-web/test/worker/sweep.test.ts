import { memoryPorts, type Ports } from "@session-archiver/core";
import { memoryArchives } from "@session-archiver/core/adapter";
import { describe, expect, test } from "vitest";
import { fileOf, userLine } from "./support/files.ts";
import { DAY_MS, NOW, openService, type TestService } from "./support/service.ts";

const CAP_OFF = { inactiveDays: 7, maxTotalBytes: null };

async function addSession({ api }: TestService, id: string, daysAgo: number, lines: number = 3): Promise<void> {
  const time = new Date(NOW - daysAgo * DAY_MS).toISOString();
  const text = Array.from({ length: lines }, (_, i) => userLine(`${id} ${Math.sin(i)}`, time)).join("");
  await api.importFiles([fileOf(`${id}.jsonl`, text)]);
}

describe("the plan", () => {
  test("says of every session what would happen, why, and how many bytes that frees", async () => {
    const service = await openService();
    const { api } = service;
    for (const [id, days] of [
      ["old", 30],
      ["recent", 2],
      ["pinned", 30],
      ["done", 40],
    ] as const) {
      await addSession(service, id, days);
    }
    const empty = await api.createSession("Nothing yet");
    await api.pin("pinned", true);
    await api.archive("done");
    const plan = await api.plan(CAP_OFF);
    const byId = Object.fromEntries(plan.map(({ id, ...row }) => [id, row]));
    const { liveBytes } = await api.row("old");
    expect(byId).toEqual({
      old: { title: expect.stringMatching(/^old/), action: "archive", reason: "idle", bytes: liveBytes },
      recent: { title: expect.any(String), action: "skip", reason: "recent", bytes: 0 },
      pinned: { title: expect.any(String), action: "skip", reason: "pinned", bytes: 0 },
      done: { title: expect.any(String), action: "skip", reason: "archived", bytes: 0 },
      [empty]: { title: "Nothing yet", action: "skip", reason: "no-activity", bytes: 0 },
    });
    expect(plan[0]?.id).toBe("old");
  });

  test("changes nothing, and is what the sweep does", async () => {
    const service = await openService();
    for (const i of [2, 5, 0, 3, 1, 4]) await addSession(service, `s${i}`, i * 4);
    const before = await service.api.list();
    const plan = await service.api.plan(CAP_OFF);
    expect(await service.api.list()).toEqual(before);
    const report = await service.api.sweep(CAP_OFF);
    const planned = plan.filter(({ action }) => action === "archive");
    expect(planned.map(({ id }) => id)).toEqual(["s5", "s4", "s3", "s2"]);
    expect(report).toMatchObject({ archivedCount: planned.length, prunedCount: 0, failedCount: 0 });
    expect(report?.liveBytesFreed).toBe(planned.reduce((sum, { bytes }) => sum + bytes, 0));
    const archived = (await service.api.list()).filter(({ state }) => state === "archived");
    expect(archived.map(({ id }) => id).sort()).toEqual(planned.map(({ id }) => id).sort());
    expect((await service.api.plan(CAP_OFF)).filter(({ action }) => action !== "skip")).toEqual([]);
  });

  test("counts what the sweep itself archives toward the cap, oldest archives first, never pinned ones", async () => {
    const clock = { now: NOW };
    const service = await openService({ now: () => clock.now });
    const { api } = service;
    for (const id of ["first", "kept", "second", "third"]) {
      await addSession(service, id, 100, 200);
      await api.archive(id);
      clock.now += 1000;
    }
    await api.pin("kept", true);
    // Active later than the others.
    await addSession(service, "coming", 30, 150);
    const one = (await api.row("first")).archiveBytes;
    const maxTotalBytes = Math.ceil(one * 3.3);
    const settings = { inactiveDays: 7, maxTotalBytes };
    const plan = await api.plan(settings);
    const reason = "archives over the byte cap";
    expect(plan.filter(({ action }) => action === "prune")).toEqual([
      { id: "first", title: expect.any(String), action: "prune", reason, bytes: one },
      {
        id: "second",
        title: expect.any(String),
        action: "prune",
        reason,
        bytes: (await api.row("second")).archiveBytes,
      },
    ]);
    expect(plan.filter(({ id }) => id === "first")).toHaveLength(1);
    expect(await api.sweep(settings)).toMatchObject({ archivedCount: 1, prunedCount: 2 });
    expect(await api.row("first")).toMatchObject({ state: "pruned", canUndo: true });
    for (const id of ["kept", "third", "coming"]) expect(await api.row(id)).toMatchObject({ state: "archived" });
  });

  test("shows what is purged once its grace period is over", async () => {
    const clock = { now: NOW };
    const service = await openService({ now: () => clock.now });
    await addSession(service, "s", 30);
    await service.api.archive("s");
    await service.api.prune("s");
    const { archiveBytes } = await service.api.row("s");
    expect(await service.api.plan(CAP_OFF)).toMatchObject([{ action: "skip", reason: "pruned" }]);
    clock.now += 8 * DAY_MS;
    expect(await service.api.plan(CAP_OFF)).toMatchObject([{ id: "s", action: "purge", bytes: archiveBytes }]);
    expect(await service.api.sweep(CAP_OFF)).toMatchObject({ archiveBytesFreed: archiveBytes });
  });

  test("bad settings are INVALID_ARGUMENT", async () => {
    const { api } = await openService();
    await expect(api.plan({ inactiveDays: -1, maxTotalBytes: null })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await expect(api.sweep({ inactiveDays: 1, maxTotalBytes: -1 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("a sweep", () => {
  test("tells its progress, sessions and bytes, and ends at all of them", async () => {
    const service = await openService();
    for (let i = 0; i < 5; i++) await addSession(service, `s${i}`, 30, 50);
    await service.api.sweep(CAP_OFF);
    const told = service.events.flatMap((event) =>
      event.type === "progress" && event.progress.operation === "sweep" ? [event.progress] : [],
    );
    const totalBytes = (await service.api.list()).reduce((sum, { rawBytes }) => sum + rawBytes, 0);
    expect(told.at(-1)).toMatchObject({ doneCount: 5, totalCount: 5, doneBytes: totalBytes, totalBytes });
    for (const [i, progress] of told.slice(1).entries()) {
      expect(progress.doneBytes).toBeGreaterThanOrEqual(told[i]?.doneBytes ?? 0);
      expect(progress.doneCount).toBeGreaterThanOrEqual(told[i]?.doneCount ?? 0);
    }
  });

  test("cancelled: ABORTED, what was archived stays so, the rest is as it was", async () => {
    const inner = memoryPorts();
    let puts = 0;
    const third = Promise.withResolvers<void>();
    const ports: Ports = {
      ...inner,
      archives: {
        ...inner.archives,
        put: (key, body, op) => {
          if (key.endsWith(".jsonl.gz") && ++puts === 3) third.resolve();
          return inner.archives.put(key, body, op);
        },
      },
    };
    const service = await openService({ ports });
    // Large enough that no two are archived at once.
    for (let i = 0; i < 5; i++) await addSession(service, `s${i}`, 30, 20_000);
    expect((await service.api.row("s0")).rawBytes).toBeGreaterThan(2 * 1024 * 1024);
    third.promise.then(() => service.api.cancel());
    await expect(service.api.sweep(CAP_OFF)).rejects.toMatchObject({ code: "ABORTED" });
    const rows = await service.api.list();
    expect(rows.filter(({ state }) => state === "archived").length).toBeGreaterThanOrEqual(2);
    expect(rows.filter(({ state }) => state === "live").length).toBeGreaterThanOrEqual(1);
    for (const row of rows) await service.api.verify(row.id);
  });

  test("deletes, and counts, archives that a restore has left", async () => {
    const clock = { now: NOW };
    const ports = memoryPorts();
    const archives = memoryArchives(() => clock.now);
    const service = await openService({ ports: { ...ports, archives }, now: () => clock.now });
    await addSession(service, "s", 0);
    await service.api.archive("s");
    const { archiveBytes } = await service.api.row("s");
    await service.api.restore("s");
    expect(await service.api.sweep(CAP_OFF)).toMatchObject({ archiveBytesFreed: 0 });
    clock.now += 2 * DAY_MS;
    expect(await service.api.sweep(CAP_OFF)).toMatchObject({ archivedCount: 0, archiveBytesFreed: archiveBytes });
  });

  test("gives nothing while another tab sweeps", async () => {
    const { api } = await openService({ alone: async () => undefined });
    expect(await api.sweep(CAP_OFF)).toBeUndefined();
  });
});
