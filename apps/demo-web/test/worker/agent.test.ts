import { createArchiver, memoryPorts } from "@session-archiver/core";
import { expect, test } from "vitest";
import type { Pause } from "../../src/worker/agent/agents.ts";
import { fileOf, textOf, userLine, utf8 } from "./support/files.ts";
import { newName, openService, type TestService } from "./support/service.ts";

/** Returns a function that lets the agent write one more line. */
function steppedPause(): { readonly pause: Pause; step(): void } {
  const waiting = new Set<() => void>();
  return {
    pause: (signal) =>
      new Promise((resolve) => {
        waiting.add(resolve);
        signal.addEventListener("abort", () => resolve());
      }),
    step() {
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
  };
}

async function appended(service: TestService, id: string, lineCount: number): Promise<void> {
  await service.event((event) => event.type === "appended" && event.id === id && event.lineCount === lineCount);
}

test.each(["live", "archived"])("writes lines to a session, one after the other: %s", async (state) => {
  const { pause, step } = steppedPause();
  const service = await openService({ pause });
  const { api, ports } = service;
  const text = userLine("Hello");
  await api.importFiles([fileOf("s.jsonl", text)]);
  if (state === "archived") await api.archive("s");
  await api.startAgent("s");
  expect(await api.row("s")).toMatchObject({ agentRunning: true });
  for (let lines = 2; lines < 20; lines++) {
    await appended(service, "s", lines);
    step();
  }
  await appended(service, "s", 20);
  await api.stopAgent("s");
  const held = await textOf(createArchiver(ports).read("s"));
  expect(held.startsWith(text)).toBe(true);
  const lines = held.trimEnd().split("\n");
  expect(lines).toHaveLength(20);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ timestamp: expect.any(String) });
  expect(await api.row("s")).toMatchObject({
    agentRunning: false,
    state: state === "archived" ? "resumed" : "live",
    lineCount: 20,
    rawBytes: utf8(held).length,
  });
  await api.archive("s");
  await api.verify("s");
  expect(await textOf(createArchiver(ports).read("s"))).toBe(held);
});

test("the agent goes on while the session is archived, restored and archived again", async () => {
  const { pause, step } = steppedPause();
  const service = await openService({ pause });
  const { api, ports } = service;
  await api.importFiles([fileOf("s.jsonl", userLine("Hello"))]);
  await api.startAgent("s");
  let lines = 2;
  for (const operation of ["archive", "restore", "archive", "archive"] as const) {
    await appended(service, "s", lines);
    await api[operation]("s");
    step();
    await appended(service, "s", ++lines);
  }
  await api.stopAgent("s");
  const held = await textOf(createArchiver(ports).read("s"));
  expect(held.trimEnd().split("\n")).toHaveLength(lines);
  expect(await api.row("s")).toMatchObject({ lineCount: lines, rawBytes: utf8(held).length });
});

test("a line that was left unfinished is ended first", async () => {
  const service = await openService();
  await service.api.importFiles([fileOf("s.jsonl", `${userLine("Hello")}{"torn":`)]);
  await service.api.startAgent("s");
  await service.api.stopAgent("s");
  const lines = (await textOf(createArchiver(service.ports).read("s"))).split("\n");
  expect(lines[1]).toBe('{"torn":');
  expect(JSON.parse(lines[2] ?? "")).toMatchObject({ type: expect.any(String) });
});

test("a new session is empty, then begins with its agent's first lines; codex sessions get codex lines", async () => {
  const service = await openService();
  const { api, ports } = service;
  const id = await api.createSession("  Try\n it ");
  expect(await api.row(id)).toMatchObject({
    title: "Try it",
    kind: "claude-code",
    lineCount: 0,
    rawBytes: 0,
    state: "live",
  });
  await api.startAgent(id);
  await appended(service, id, 1);
  const codex = JSON.stringify({ type: "session_meta", payload: { id: "x" } });
  await api.importFiles([fileOf("c.jsonl", `${codex}\n`)]);
  await api.startAgent("c");
  const [, line] = (await textOf(createArchiver(ports).read("c"))).split("\n");
  expect(JSON.parse(line ?? "")).toMatchObject({ type: "response_item", payload: { type: "message", role: "user" } });
  expect((await api.list()).filter(({ agentRunning }) => agentRunning)).toHaveLength(2);
});

test("a session has one writer over all tabs; a deletion in the writer's tab stops it, in another tab it is refused", async () => {
  const ports = memoryPorts();
  const name = newName();
  const first = await openService({ ports, name });
  const second = await openService({ ports, name });
  await first.api.importFiles([fileOf("s.jsonl", userLine("Hello"))]);
  await first.api.startAgent("s");
  await first.api.startAgent("s");
  await expect(second.api.startAgent("s")).rejects.toMatchObject({ code: "CONFLICT", id: "s" });
  await expect(second.api.remove("s")).rejects.toMatchObject({ code: "CONFLICT" });
  const { failures } = await second.api.importFiles([fileOf("s.jsonl", userLine("Hello"))]);
  expect(failures).toMatchObject([{ code: "CONFLICT", message: expect.stringContaining("written to") }]);
  expect((await second.api.row("s")).agentRunning).toBe(false);
  await first.api.remove("s");
  expect(await first.api.list()).toEqual([]);
  await expect(first.api.startAgent("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await first.api.stopAgent("s");
});

test("other tabs see the lines that have been written, not the last stored count", async () => {
  const ports = memoryPorts();
  const name = newName();
  const { pause, step } = steppedPause();
  const service = await openService({ ports, name, pause });
  const other = await openService({ ports, name });
  await service.api.importFiles([fileOf("s.jsonl", userLine("Hello"))]);
  await service.api.startAgent("s");
  for (let lines = 2; lines < 6; lines++) {
    await appended(service, "s", lines);
    step();
  }
  await appended(service, "s", 6);
  const bytes = utf8(await textOf(createArchiver(ports).read("s"))).length;
  expect(await other.api.list()).toMatchObject([{ id: "s", rawBytes: bytes, liveBytes: bytes, agentRunning: false }]);
});
