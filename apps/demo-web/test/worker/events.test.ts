import { memoryPorts } from "@session-archiver/core";
import { expect, test, vi } from "vitest";
import type { Progress, WorkerEvent } from "../../src/worker/api.ts";
import { createEventHub } from "../../src/worker/events.ts";
import { throttled } from "../../src/worker/tasks.ts";
import { fileOf, userLine } from "./support/files.ts";
import { newName, openService } from "./support/service.ts";

test("other tabs get events for one tab's changes, imports and appended lines", async () => {
  const ports = memoryPorts();
  const name = newName();
  const here = await openService({ ports, name });
  const there = await openService({ ports, name });
  await here.api.importFiles([fileOf("s.jsonl", userLine("Hello"))]);
  const isChange = (event: WorkerEvent): boolean => event.type === "changed" && (event.ids?.includes("s") ?? true);
  await there.event(isChange);
  await here.event(isChange);
  expect(await there.api.list()).toMatchObject([{ id: "s" }]);
  await here.api.startAgent("s");
  const event = await there.event(({ type }) => type === "appended");
  expect(event).toEqual({ type: "appended", id: "s", lineCount: 2 });
  expect((await there.api.openTranscript("s")).lineCount).toBe(2);
  expect(there.events.some(({ type }) => type === "progress")).toBe(false);
});

test("changes close together make one event, and very many of them an event without ids", () => {
  vi.useFakeTimers();
  const told: WorkerEvent[] = [];
  const hub = createEventHub(newName(), (event) => told.push(event));
  for (const id of ["a", "b", "a"]) hub.changed(id);
  expect(told).toEqual([]);
  vi.runAllTimers();
  for (let i = 0; i < 500; i++) hub.changed(`s${i}`);
  vi.runAllTimers();
  hub.changed("a");
  hub.changed();
  vi.runAllTimers();
  hub.close();
  vi.useRealTimers();
  expect(told).toEqual([{ type: "changed", ids: ["a", "b"] }, { type: "changed" }, { type: "changed" }]);
});

test("progress is passed on at most ten times a second, and always at its end", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const told: number[] = [];
  const emit = throttled(({ doneBytes }) => told.push(doneBytes));
  const progress = { operation: "archive", id: "s", totalBytes: 100, doneCount: 0, totalCount: 1 } as const;
  for (let doneBytes = 0; doneBytes < 100; doneBytes++) {
    emit({ ...progress, doneBytes });
    vi.advanceTimersByTime(10);
  }
  emit({ ...progress, doneBytes: 100, doneCount: 1 } satisfies Progress);
  vi.useRealTimers();
  expect(told).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
});

test("the same warning is not repeated within a minute", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const told: WorkerEvent[] = [];
  const hub = createEventHub(newName(), (event) => told.push(event));
  const words = ["a", "a", "b", "a"].map((message) => new Error(message));
  for (const error of words) hub.warn(error, "s");
  hub.warn("a", "other");
  vi.advanceTimersByTime(60_000);
  hub.warn("a", "s");
  vi.useRealTimers();
  hub.close();
  expect(told.map((event) => event.type === "warning" && [event.id, event.message])).toEqual([
    ["s", "a"],
    ["s", "b"],
    ["other", "a"],
    ["s", "a"],
  ]);
});
