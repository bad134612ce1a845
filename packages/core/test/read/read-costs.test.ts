/** What reads cost, in reads of the stores and in bytes: of archives in tiny segments, with a long line, and of live output. */
import { describe, expect, test, vi } from "vitest";
import { KEY } from "../../src/adapter.js";
import { type Archiver, bytesOf, createArchiver } from "../../src/index.js";
import { DAY, encode, linesOf, longLines, metaOf, NOW, type World, world } from "../support.js";
import { countReads, type Reads } from "./counted-reads.js";
import { decode } from "./support.js";

// Archives in tiny segments, which earlier versions made and parts still have.
vi.mock("../../src/format/continued.js", () => import("../format/as-before.js"));

const MIB = 1024 * 1024;

interface Case {
  readonly bytes: number;
  readonly archiveBytes: number;
  /** What was read by this, by an archiver that has not seen the session before. */
  reads(work: (archiver: Archiver) => Promise<string>, wanted: string): Promise<Reads>;
}

async function append({ archiver }: World, output: string | Uint8Array): Promise<void> {
  const recorder = archiver.recorder("s", { create: {} });
  for (let at = 0; at < output.length; at += 4 * MIB) await recorder.append(output.slice(at, at + 4 * MIB));
  await recorder.close();
}

async function caseOf(w: World, bytes: number): Promise<Case> {
  const { archiveBytes } = await w.archiver.info("s");
  const counted = countReads(w.ports);
  return {
    bytes,
    archiveBytes,
    async reads(work, wanted) {
      const archiver = createArchiver({ ...w.ports, now: () => w.now });
      counted.take();
      const given = await work(archiver);
      expect(given.length).toBe(wanted.length);
      expect(given === wanted).toBe(true);
      const reads = counted.take();
      if (process.env["PRINT_READS"]) console.log(expect.getState().currentTestName, JSON.stringify(reads));
      return reads;
    },
  };
}

const tail = (count: number) => (archiver: Archiver) => decode(archiver.tail("s", count));
const since = (time: number) => (archiver: Archiver) => decode(archiver.since("s", time));
const lines = (from: number, to: number) => (archiver: Archiver) => decode(archiver.lines("s", { from, to }));
const page =
  (from: number, to: number, maxChars = 2000) =>
  async (archiver: Archiver) =>
    (await (await archiver.openLines("s")).lines(from, to, { maxChars })).map(({ text }) => `${text}\n`).join("");

describe("an archive of 200 rounds of one line", async () => {
  const text = longLines(200);
  const all = linesOf(text);
  const w = world();
  for (const line of all) {
    await append(w, line);
    await w.archiver.archive("s");
  }
  const { reads } = await caseOf(w, text.length);
  const timeAt = (i: number): number => NOW - 30 * DAY + i * 1000;
  const [{ parts }] = (await metaOf(w))[KEY.archiveFiles] as unknown as [{ parts: unknown[] }];
  const mostReads = parts.length;

  test("of which there are few parts", () => {
    expect(mostReads).toBeLessThan(8);
  });

  test("its last line costs a read, of that line", async () => {
    const { archive, archiveBytes, manifest } = await reads(tail(1), all.slice(-1).join(""));
    expect({ archive, manifest }).toEqual({ archive: 1, manifest: 1 });
    expect(archiveBytes).toBeLessThan(1000);
  });

  test("all other reads cost one of each part", async () => {
    for (const { archive, manifest } of [
      await reads(tail(100), all.slice(-100).join("")),
      await reads(since(timeAt(190)), all.slice(190).join("")),
      await reads(since(timeAt(0)), text),
      await reads(lines(100, 110), all.slice(100, 110).join("")),
      await reads(page(100, 110), all.slice(100, 110).join("")),
    ]) {
      expect(archive).toBeLessThanOrEqual(mostReads);
      expect(manifest).toBe(1);
    }
  });
});

describe.each(["archived", "live"])("a session that is %s", async (state) => {
  const text = longLines(20_000);
  const all = linesOf(text);
  const w = world();
  await append(w, text);
  if (state === "archived") await w.archiver.archive("s");
  const made = await caseOf(w, text.length);
  const { reads } = made;
  const ofAll = (read: Reads): number =>
    state === "live" ? read.liveBytes / made.bytes : read.archiveBytes / made.archiveBytes;
  const callsIn = (read: Reads): number => read.archive + read.live;
  const timeAt = (i: number): number => NOW - 30 * DAY + i * 1000;

  test("its last lines cost what they hold", async () => {
    const one = await reads(tail(1), all.slice(-1).join(""));
    expect(callsIn(one)).toBe(1);
    expect(ofAll(one) * made.bytes).toBeLessThan(state === "live" ? 64 * 1024 : 1.1 * MIB);
    const many = await reads(tail(15_000), all.slice(-15_000).join(""));
    expect(ofAll(many)).toBeLessThan(0.85);
    expect(callsIn(many)).toBeLessThan(15);
  });

  test("what came since a time is read once, and a MiB before it", async () => {
    const last = await reads(since(timeAt(19_990)), all.slice(-10).join(""));
    expect(callsIn(last)).toBeLessThanOrEqual(2);
    expect(ofAll(last) * made.bytes).toBeLessThan(2.2 * MIB);
    const most = await reads(since(timeAt(5000)), all.slice(5000).join(""));
    expect(ofAll(most)).toBeLessThan(state === "live" ? 0.95 : 0.9);
    if (state === "archived") expect(callsIn(most)).toBeLessThanOrEqual(5);
  });

  test("lines in its middle cost the stretch between two places that are known", async () => {
    for (const read of [
      await reads(lines(10_000, 10_100), all.slice(10_000, 10_100).join("")),
      await reads(page(10_000, 10_100), all.slice(10_000, 10_100).join("")),
    ]) {
      expect(ofAll(read) * made.bytes).toBeLessThan(4.5 * MIB);
      expect(callsIn(read)).toBeLessThanOrEqual(5);
    }
  });
});

describe.each(["archived", "live"])("a session with a long line, %s", async (state) => {
  const short = longLines(570);
  const [long, rest] = [`{"data":"${"x".repeat(40 * MIB)}"}\n`, longLines(3, 2)];
  const w = world();
  await append(w, short + long + rest);
  if (state === "archived") await w.archiver.archive("s");
  const made = await caseOf(w, short.length + long.length + rest.length);
  const { reads } = made;
  const readOf = (read: Reads): number =>
    state === "live" ? read.liveBytes / made.bytes : read.archiveBytes / made.archiveBytes;

  test("is read once where its last lines hold it", async () => {
    expect(readOf(await reads(tail(4), long + rest))).toBeLessThan(1.12);
    expect(readOf(await reads(tail(6), linesOf(short).slice(-2).join("") + long + rest))).toBeLessThan(1.12);
  });

  test("does not read it for a time after or before it", async () => {
    expect(readOf(await reads(since(NOW + DAY), ""))).toBeLessThan(0.25);
    const after = NOW - 30 * DAY + 569_000;
    expect(readOf(await reads(since(after), linesOf(short).slice(-1) + long + rest))).toBeLessThan(1.3);
  });

  test("does not read what a page cuts off", async () => {
    const cut = (text: string): string => `${text.slice(0, 950)}\n`.replace("\n\n", "\n");
    const wanted = [...linesOf(short).slice(-2), long, ...linesOf(rest)].map(cut).join("");
    expect(readOf(await reads(page(568, 574, 950), wanted))).toBeLessThan(0.2);
  });
});

describe("lines in the middle of live output cost little", async () => {
  const text = longLines(20_000);
  const wanted = linesOf(text).slice(10_000, 10_100).join("");
  const WAYS: Readonly<Record<string, (w: World) => Promise<unknown>>> = {
    "that was imported": ({ archiver }) =>
      archiver.import("s", {
        size: text.length,
        async *read({ start, end }) {
          yield encode(text.slice(start, end));
        },
      }),
    "that was archived and restored": async (w) => {
      await append(w, text);
      await w.archiver.archive("s");
      await w.archiver.restore("s");
    },
    "that was counted after its writer's death": async (w) => {
      await w.archiver.create("s");
      await w.ports.blobs.create({ id: "s", name: "output" }, "live-1", bytesOf(encode(text)));
      await w.archiver.settle("s", { recount: true });
    },
  };

  test.each(Object.entries(WAYS))("%s", async (_, make) => {
    const w = world();
    await make(w);
    const { reads } = await caseOf(w, text.length);
    expect((await reads(lines(10_000, 10_100), wanted)).liveBytes).toBeLessThan(1.1 * MIB);
    expect((await reads(page(10_000, 10_100), wanted)).liveBytes).toBeLessThan(1.1 * MIB);
  });
});
