import { createArchiver, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_LINE_CHARS } from "../../src/worker/api.ts";
import { fileOf, gzip, userLine, utf8 } from "./support/files.ts";
import { DAY_MS, NOW, openService, type TestService } from "./support/service.ts";

const ID = "a";

/** The lines of these bytes, by the plainest of means. */
function naiveLines(bytes: Uint8Array): readonly { readonly text: string; readonly bytes: number }[] {
  const lines: { text: string; bytes: number }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline + 1;
    const whole = bytes.subarray(at, newline === -1 ? end : newline);
    const isCrLf = newline !== -1 && whole.at(-1) === 13;
    // A mark is one at the start of the file alone.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: at > 0 });
    lines.push({ text: decoder.decode(isCrLf ? whole.subarray(0, -1) : whole), bytes: end - at });
    at = end;
  }
  return lines;
}

const output = fc.oneof(
  fc.constantFrom("\n", "\n\n\r\n", "half a line", "\ufeff{}\n", "ends\r\n", "\r", '{"a":1}\n'),
  fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => `${text}\n`),
  fc.uint8Array({ maxLength: 20 }),
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("append" as const), output }) },
  fc.record({ type: fc.constantFrom("archive" as const, "restore" as const) }),
  { weight: 3, arbitrary: fc.record({ type: fc.constant("read" as const), from: fc.nat(30), count: fc.nat(30) }) },
);

async function read({ api }: TestService, from: number, to: number) {
  return (await api.readLines(ID, from, to)).map(({ index, text, bytes }) => ({ index, text, bytes }));
}

test("through every change of state, lines are those of the bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const service = await openService();
      const { api, ports } = service;
      await api.importFiles([fileOf("a.jsonl", "first\n")]);
      const host = createArchiver(ports);
      let bytes = utf8("first\n");
      for (const each of steps) {
        if (each.type === "append") {
          const added = typeof each.output === "string" ? utf8(each.output) : each.output;
          const recorder = host.recorder(ID);
          await recorder.append(added);
          await recorder.close();
          bytes = Uint8Array.from([...bytes, ...added]);
        } else if (each.type === "read") {
          const expected = naiveLines(bytes).map((line, index) => ({ index, ...line }));
          expect((await api.openTranscript(ID)).lineCount).toBe(expected.length);
          const to = each.from + each.count;
          expect(await read(service, each.from, to)).toEqual(expected.slice(each.from, to));
        } else if (each.type === "archive" || (await api.row(ID)).archivedAt !== null) {
          await api[each.type](ID);
        }
      }
      await api.close();
    }),
    { numRuns: 150 },
  );
});

/** Some MiB: several segments, several blocks, and a line that is longer than a segment. */
function largeText(): string {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${i} ${"abcdefghij".repeat(i % 23)}`);
  lines[100] = "";
  lines[20_000] = `long ${"x".repeat(3_000_000)} end`;
  return `${lines.join("\n")}\nno end`;
}

describe("a large session", () => {
  const text = largeText();
  const lines = text.split("\n");
  const places = [0, 1, 99, 15_000, 19_999, 20_000, 20_001, 29_990, 29_999, 30_000];

  async function check(service: TestService): Promise<void> {
    expect((await service.api.openTranscript(ID)).lineCount).toBe(lines.length);
    for (const from of places) {
      const found = await service.api.readLines(ID, from, from + 5);
      expect(found.map(({ index }) => index)).toEqual(lines.slice(from, from + 5).map((_, i) => from + i));
      for (const line of found) {
        const whole = lines[line.index] ?? "";
        expect(line.text).toBe(whole.slice(0, MAX_LINE_CHARS));
        expect(line.truncated).toBe(whole.length > MAX_LINE_CHARS);
        expect(line.bytes).toBe(whole.length + (line.index === lines.length - 1 ? 0 : 1));
      }
    }
    expect(await service.api.readLine(ID, 20_000)).toBe(lines[20_000]);
  }

  test("live, archived, restored", async () => {
    const service = await openService();
    await service.api.importFiles([fileOf("a.jsonl", text)]);
    await check(service);
    await service.api.archive(ID);
    await check(service);
    await service.api.restore(ID);
    await check(service);
  });

  test("archived before it was ever opened, with and without its manifest", async () => {
    const service = await openService();
    await service.api.importFiles([fileOf("a.jsonl.gz", await gzip(text))]);
    await service.api.archive(ID);
    await check(service);
    const again = await openService({ ports: service.ports });
    const key = (await service.ports.objects.get(ID))?.meta[KEY.manifestKey];
    await service.ports.archives.delete(String(key));
    await check(again);
    expect(again.events.some(({ type }) => type === "warning")).toBe(true);
  });

  test("archived under a reader that is half-way", async () => {
    const service = await openService();
    await service.api.importFiles([fileOf("a.jsonl", text)]);
    const reads = places.map((from) => service.api.readLines(ID, from, from + 2));
    await service.api.archive(ID);
    for (const [i, from] of places.entries()) {
      expect((await reads[i])?.map((line) => line.index)).toEqual(from === 30_000 ? [30_000] : [from, from + 1]);
    }
    await check(service);
  });

  test("of an archived one, the line count and a page cost few bytes", async () => {
    const service = await openService();
    await service.api.importFiles([fileOf("a.jsonl", text)]);
    await service.api.archive(ID);
    let bytesRead = 0;
    const { archives, ...rest } = service.ports;
    const counting: typeof archives = {
      ...archives,
      async *read(key, range, op) {
        for await (const chunk of archives.read(key, range, op)) {
          if (key.endsWith(".gz")) bytesRead += chunk.length;
          yield chunk;
        }
      },
    };
    const { api } = await openService({ ports: { ...rest, archives: counting } });
    const whole = (await api.row(ID)).archiveBytes;
    await api.openTranscript(ID);
    await api.readLines(ID, 15_000, 15_050);
    expect(bytesRead).toBeLessThan(whole * 0.7);
    const before = bytesRead;
    for (let from = 15_000; from < 15_500; from += 50) await api.readLines(ID, from, from + 50);
    expect(bytesRead).toBe(before);
  });
});

describe("cuts", () => {
  test("never fall inside a character, and the whole line can be had", async () => {
    const service = await openService();
    const line = `${"a".repeat(MAX_LINE_CHARS - 1)}😀 and more`;
    await service.api.importFiles([fileOf("a.jsonl", `${line}\r\nshort\n`)]);
    const [first, second] = await service.api.readLines(ID, 0, 2);
    expect(first).toEqual({
      index: 0,
      text: "a".repeat(MAX_LINE_CHARS - 1),
      bytes: utf8(line).length + 2,
      truncated: true,
    });
    expect(second).toEqual({ index: 1, text: "short", bytes: 6, truncated: false });
    expect(await service.api.readLine(ID, 0)).toBe(line);
  });

  test("a line of exactly the limit is whole, of characters of any width", async () => {
    const service = await openService();
    const wide = "語".repeat(MAX_LINE_CHARS);
    await service.api.importFiles([fileOf("a.jsonl", `${wide}\n${wide}語\r\n`)]);
    const [first, second] = await service.api.readLines(ID, 0, 2);
    expect(first).toMatchObject({ text: wide, truncated: false });
    expect(second).toMatchObject({ text: wide, truncated: true });
  });
});

test("a session that was deleted and made anew is read as it is now", async () => {
  const service = await openService();
  const { api } = service;
  await api.importFiles([fileOf("a.jsonl", userLine("one") + userLine("two"))]);
  await api.openTranscript(ID);
  await api.remove(ID);
  await expect(api.readLines(ID, 0, 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await api.importFiles([fileOf("a.jsonl", userLine("another"))]);
  expect((await api.openTranscript(ID)).lineCount).toBe(1);
  expect(await read(service, 0, 9)).toMatchObject([{ text: userLine("another").trimEnd() }]);
});

test("a session that another tab has deleted and made anew, longer, is read as it is now", async () => {
  const service = await openService();
  const other = await openService({ ports: service.ports });
  await service.api.importFiles([fileOf("a.jsonl", userLine("one") + userLine("two"))]);
  expect((await read(service, 0, 9)).length).toBe(2);
  await other.api.remove(ID);
  const text = userLine("another") + userLine("session") + userLine("of three lines");
  await other.api.importFiles([fileOf("a.jsonl", text)]);
  expect((await read(service, 0, 9)).map((line) => `${line.text}\n`).join("")).toBe(text);
});

test("a session that was purged and written to again is read as it is now", async () => {
  const service = await openService();
  const { api, ports } = service;
  await api.importFiles([fileOf("a.jsonl", userLine("one") + userLine("two"))]);
  expect((await read(service, 0, 9)).length).toBe(2);
  await api.archive(ID);
  await api.prune(ID);
  const later = createArchiver({ ...ports, now: () => NOW + 30 * DAY_MS });
  await later.prune({ maxTotalBytes: Number.POSITIVE_INFINITY });
  const text = userLine("from here on") + userLine("it is new") + userLine("and longer");
  const recorder = later.recorder(ID);
  await recorder.append(text);
  await recorder.close();
  expect((await read(service, 0, 9)).map((line) => `${line.text}\n`).join("")).toBe(text);
});

test("a pruned session is PRUNED, one that isn't there NOT_FOUND, a bad number INVALID_ARGUMENT", async () => {
  const { api } = await openService();
  await api.importFiles([fileOf("a.jsonl", userLine("one"))]);
  await expect(api.openTranscript("b")).rejects.toMatchObject({ code: "NOT_FOUND", id: "b" });
  await expect(api.readLine(ID, 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(async () => api.readLines(ID, -1, 1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await api.archive(ID);
  await api.prune(ID);
  await expect(api.openTranscript(ID)).rejects.toMatchObject({ code: "PRUNED", id: ID });
  await expect(api.readLines(ID, 0, 1)).rejects.toMatchObject({ code: "PRUNED" });
  await api.undoPrune(ID);
  expect((await api.readLines(ID, 0, 9)).length).toBe(1);
});

test("an empty session has no lines", async () => {
  const { api, ports } = await openService();
  const id = await api.createSession("Try it");
  expect(await api.openTranscript(id)).toEqual({ id, kind: "claude-code", lineCount: 0 });
  expect(await api.readLines(id, 0, 10)).toEqual([]);
  expect(await toBytes(ports.blobs.list(id) as never)).toHaveLength(0);
});
