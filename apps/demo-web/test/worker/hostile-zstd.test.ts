/** `.jsonl.zst` files are either read to their last byte, or refused in plain words and leave nothing behind. */
import { createArchiver, type Ports, toBytes } from "@session-archiver/core";
import { frame, handmade, skippable } from "@session-archiver/test-kit/zstd";
import { describe, expect, test } from "vitest";
import { fileOf, textOf, userLine } from "./support/files.ts";
import { openService } from "./support/service.ts";

const RAW = Buffer.from(userLine("Fix the login bug", "2026-04-01T10:00:00.000Z").repeat(3000));
const MB = 1024 * 1024;

const GOOD: Readonly<Record<string, Buffer>> = {
  "as Codex writes it, without size and checksum": frame(RAW, { size: false }),
  "with a checksum": frame(RAW, { checksum: true }),
  "in two frames": Buffer.concat([frame(RAW.subarray(0, 5000)), frame(RAW.subarray(5000), { checksum: true })]),
  "with frames that are skipped": Buffer.concat([skippable("a"), frame(RAW), skippable("index", 15)]),
  "with a window of 128 MiB": frame(RAW, { windowLog: 27, size: false, level: 1 }),
};

const whole = frame(RAW, { checksum: true });
const flipped = (at: number): Buffer => Buffer.from(whole.map((byte, index) => (index === at ? byte ^ 1 : byte)));

const BAD: Readonly<Record<string, readonly [bytes: Buffer, says: RegExp]>> = {
  "no bytes": [Buffer.of(), /it is empty/],
  "other bytes": [RAW, /not a zstd frame/],
  gzip: [Buffer.from("1f8b0800", "hex"), /not a zstd frame/],
  "a torn file": [whole.subarray(0, -9), /ends in the middle/],
  "a file torn in its second frame": [Buffer.concat([whole, whole.subarray(0, 60)]), /ends in the middle/],
  "text behind it": [Buffer.concat([whole, Buffer.from("more\n")]), /not a zstd frame/],
  "a wrong checksum": [flipped(whole.length - 1), /checksum/],
  "another byte inside": [flipped(whole.length >> 1), /checksum|damaged|raw bytes/],
  "a window of 256 MiB": [handmade([{ raw: "x" }], 0x90), /128 MiB/],
};

async function leftBehind(ports: Ports, id: string): Promise<number> {
  let count = (await ports.objects.get(id)) ? 1 : 0;
  for await (const _ of ports.blobs.list(id)) count++;
  return count;
}

describe("a whole file is read", () => {
  test.each(Object.entries(GOOD))("%s", async (_, bytes) => {
    const { api, ports } = await openService();
    const { imported, failures } = await api.importFiles([fileOf("a/s.jsonl.zst", bytes)]);
    expect([imported, failures]).toMatchObject([[{ id: "a/s" }], []]);
    expect(Buffer.compare(await toBytes(createArchiver(ports).read("a/s")), RAW)).toBe(0);
    expect((await api.importFiles([fileOf("a/s.jsonl", RAW)])).unchanged).toEqual(["a/s"]);
  });
});

describe("anything else is refused", () => {
  test.each(Object.entries(BAD))("%s", async (_, [bytes, says]) => {
    const { api, ports } = await openService();
    const { failures, imported } = await api.importFiles([fileOf("s.jsonl.zst", bytes), fileOf("t.jsonl", RAW)]);
    expect(failures).toMatchObject([{ name: "s.jsonl.zst", code: "CORRUPT", message: expect.stringMatching(says) }]);
    expect(failures[0]?.message).toContain("Unpack it and import the .jsonl instead");
    expect(imported).toMatchObject([{ id: "t" }]);
    expect(await leftBehind(ports, "s")).toBe(0);
  });

  test("wherever the file is torn, and adds nothing to a session that is there", async () => {
    const { api, ports } = await openService();
    const text = userLine("Fix the login bug");
    await api.importFiles([fileOf("s.jsonl", text)]);
    const packed = frame(`${text}{}\n`, { checksum: true });
    for (let size = 0; size < packed.length; size++) {
      const { failures } = await api.importFiles([fileOf("s.jsonl.zst", packed.subarray(0, size))]);
      expect(failures).toMatchObject([{ code: "CORRUPT" }]);
    }
    expect(await textOf(createArchiver(ports).read("s"))).toBe(text);
    expect(await api.importFiles([fileOf("s.jsonl.zst", packed)])).toMatchObject({ appended: ["s"], failures: [] });
  });
});

test("a bomb can be cancelled while its first bytes are unpacked, and leaves nothing behind", async () => {
  const { api, ports, event } = await openService();
  // 128 KiB for each four bytes: 32 GiB for the first piece of the file that is read.
  const bomb = handmade(Array.from({ length: 300_000 }, () => ({ byte: 120, times: MB / 8 })));
  let pieces = 0;
  const file = new (class extends File {
    override slice(start?: number, end?: number): Blob {
      pieces++;
      return super.slice(start, end);
    }
  })([Uint8Array.from(bomb)], "s.jsonl.zst");
  const running = api.importFiles([fileOf("a.jsonl", RAW), { path: "s.jsonl.zst", file }]);
  await event(({ type, ...rest }) => type === "progress" && "progress" in rest && rest.progress.doneCount === 1);
  await new Promise((resolve) => setTimeout(resolve)); // as a message to a worker, which waits until the worker is free
  await api.cancel();
  expect((await running).failures).toMatchObject([{ name: "s.jsonl.zst", code: "ABORTED" }]);
  expect(pieces).toBe(1);
  expect(await leftBehind(ports, "s")).toBe(0);
});
