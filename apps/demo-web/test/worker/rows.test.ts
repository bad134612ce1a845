import { createArchiver, memoryPorts, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { expect, test } from "vitest";
import { endOfGrace } from "../../src/client/grace.ts";
import { fileOf, userLine } from "./support/files.ts";
import { DAY_MS, NOW, openService, type TestService } from "./support/service.ts";

const TEXT = userLine("Hello") + userLine("Again");

/** Ports that count the calls on blobs and archives. */
function watched(inner: Ports): { readonly ports: Ports; looks: number } {
  const self = { ports: inner, looks: 0 };
  const watch = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        self.looks++;
        return Reflect.get(target, name) as unknown;
      },
    });
  self.ports = { ...inner, blobs: watch(inner.blobs), archives: watch(inner.archives) };
  return self;
}

/** The row, checked against core's own look at the blobs. */
async function check({ api, ports }: TestService): Promise<void> {
  for (const row of await api.list()) {
    const info = await createArchiver(ports).info(row.id);
    expect(row).toEqual(await api.row(row.id));
    expect(row.state).toBe(info.state);
    expect(row.rawBytes).toBe(info.rawBytes);
    expect(row.liveBytes + row.archiveBytes).toBe(info.totalBytes);
    expect(row.lineCount).toBe(info.lineCount);
    expect(row.lastActivityMs).toBe(info.lastActivityMs);
    expect(row.archivedAt).toBe(info.archivedAt);
    expect(row.pinned).toBe(info.pinned);
    expect(row.prunedAt).toBe(info.prunedAt);
    expect(row.pruneReason).toBe(info.pruneReason);
  }
}

test("in every state rows agree with core, from the metadata alone", async () => {
  const watch = watched(memoryPorts());
  const service = await openService({ ports: watch.ports });
  const { api } = service;
  await api.importFiles([fileOf("s.jsonl", TEXT), fileOf("other.jsonl", TEXT)]);
  for (const step of [
    () => api.pin("s", true),
    () => api.archive("s"),
    () => api.importFiles([fileOf("s.jsonl", TEXT + userLine("More"))]),
    () => api.archive("s"),
    () => api.restore("s"),
    () => api.archive("s"),
    () => api.pin("s", false),
    () => api.prune("s", "archives over the byte cap"),
  ]) {
    await step();
    await check(service);
    watch.looks = 0;
    await api.list();
    expect(watch.looks).toBe(0);
  }
  expect(await api.row("s")).toMatchObject({
    state: "pruned",
    canUndo: true,
    prunedAt: NOW,
    undoableUntil: endOfGrace(NOW),
    pruneReason: "archives over the byte cap",
  });
  await api.undoPrune("s");
  await check(service);
  expect(await api.row("s")).toMatchObject({ state: "archived", canUndo: false, prunedAt: null });
});

test("a purged session keeps its tombstone, and can't be undone", async () => {
  const service = await openService();
  const { api, ports } = service;
  await api.importFiles([fileOf("s.jsonl", TEXT)]);
  await api.archive("s");
  await api.prune("s");
  const later = NOW + 8 * DAY_MS;
  await createArchiver({ ...ports, now: () => later }).prune({ maxTotalBytes: Number.POSITIVE_INFINITY });
  await check(service);
  expect(await api.row("s")).toMatchObject({
    state: "pruned",
    canUndo: false,
    undoableUntil: null,
    purgedAt: later,
    rawBytes: TEXT.length,
    liveBytes: 0,
    archiveBytes: 0,
    lineCount: 2,
  });
  await expect(api.undoPrune("s")).rejects.toMatchObject({ code: "PRUNED" });
});

test("listing doesn't read the blobs of sessions without a writer", async () => {
  const { ports: inner, api } = await openService();
  await api.importFiles([fileOf("a.jsonl", TEXT), fileOf("b.jsonl", TEXT), fileOf("c.jsonl", TEXT)]);
  await api.archive("b");
  const watch = watched(inner);
  const second = await openService({ ports: watch.ports });
  watch.looks = 0;
  expect(await second.api.list()).toHaveLength(3);
  expect(watch.looks).toBe(0);
});

test("a damaged session doesn't stop others from being listed", async () => {
  const service = await openService();
  const { api, ports } = service;
  await api.importFiles([fileOf("a.jsonl", TEXT)]);
  const damaged = { [KEY.view]: "agent", [KEY.archivedAt]: 5, [KEY.settlingAt]: 5 };
  await ports.objects.put("b", damaged, null);
  expect(await api.list()).toMatchObject([{ id: "a" }]);
  expect(await service.event((event) => event.type === "warning")).toMatchObject({ id: "b" });
});

test("a session of another host, without the app's keys, is listed with a title and its size", async () => {
  const { api, ports } = await openService();
  const recorder = createArchiver(ports).recorder("host/session-1", { create: {} });
  await recorder.append(TEXT);
  await recorder.close();
  expect(await api.list()).toMatchObject([
    { id: "host/session-1", title: "session-1", kind: "other", state: "live", rawBytes: TEXT.length, lineCount: 2 },
  ]);
});

test("a subagent's row names the session that called it; a fork's doesn't", async () => {
  const { api } = await openService();
  const line = (id: string, rest: object): string =>
    `${JSON.stringify({ type: "session_meta", payload: { id, cwd: "/w/importer", ...rest } })}\n`;
  await api.importFiles([
    fileOf("a.jsonl", line("s1", {})),
    fileOf("b.jsonl", line("s2", { forked_from_id: "s1" })),
    fileOf("c.jsonl", line("s3", { parent_thread_id: "s1", thread_source: "subagent" })),
  ]);
  const rows = await Promise.all(["a", "b", "c"].map((id) => api.row(id)));
  expect(rows.map(({ agentSession, caller }) => [agentSession, caller])).toEqual([
    ["codex:s1", null],
    ["codex:s2", null],
    ["codex:s3", "codex:s1"],
  ]);
  expect(rows[0]).toMatchObject({ cwd: "/w/importer", branch: null, models: [] });
});
