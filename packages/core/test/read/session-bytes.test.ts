/** The bytes of a session as a stream, an array, a text and lines; live and archived, and only when they are asked for. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, type SessionBytes, toBytes } from "../../src/index.js";
import { sessionBytes } from "../../src/read/session-bytes.js";
import { encode, linesOf, makeSession, type World, world } from "../support.js";

const READS: readonly (readonly [string, (w: World, id: string) => Promise<SessionBytes> | SessionBytes])[] = [
  ["read", ({ archiver }, id) => archiver.read(id)],
  ["lines", ({ archiver }, id) => archiver.lines(id, { from: 0 })],
  ["tail", ({ archiver }, id) => archiver.tail(id, 100)],
  ["since", ({ archiver }, id) => archiver.since(id, 1)],
  ["open's read", async ({ archiver }, id) => (await archiver.open(id)).read()],
];

const FIRST = '{"n":1,"timestamp":"2026-01-31T18:00:00Z"}';
const TEXT = `${FIRST}\n\n{"é":"😀"}\r\nunfinished`;

async function sessions(): Promise<World> {
  const w = world();
  await makeSession(w, "live", TEXT);
  await makeSession(w, "archived", TEXT);
  await w.archiver.archive("archived");
  return w;
}

const LINES = [FIRST, "", '{"é":"😀"}', "unfinished"];

describe.each(["live", "archived"])("of a %s session", (id) => {
  test.each(READS)(
    "%s gives them as a stream, an array, a text and lines, each as often as wanted",
    async (_, read) => {
      const w = await sessions();
      const bytes = await read(w, id);
      for (let n = 0; n < 2; n++) {
        expect(await toBytes(bytes)).toEqual(encode(TEXT));
        expect(await bytes.bytes()).toEqual(encode(TEXT));
        expect(await bytes.text()).toBe(TEXT);
        expect(await Array.fromAsync(bytes.lines())).toEqual(LINES);
      }
    },
  );
});

test("a part is read as it is", async () => {
  const { archiver } = await sessions();
  expect(await archiver.tail("archived", 2).text()).toBe(linesOf(TEXT).slice(-2).join(""));
  expect(await Array.fromAsync(archiver.lines("live", { from: 1, to: 3 }).lines())).toEqual(LINES.slice(1, 3));
  expect(await archiver.read("archived", { range: { start: 2, end: 5 } }).text()).toBe('n":');
});

test("nothing is asked of the store before the bytes are", async () => {
  const w = await sessions();
  let calls = 0;
  const { get } = w.ports.objects;
  w.ports.objects.get = (...args) => {
    calls++;
    return get(...args);
  };
  const { archiver } = w;
  const all = [
    archiver.read("none"),
    archiver.lines("none", { from: 0 }),
    archiver.tail("none", 1),
    archiver.since("none", 0),
  ];
  const iterators = all.map((bytes) => [bytes.lines(), bytes[Symbol.asyncIterator]()]);
  await new Promise(setImmediate);
  expect([calls, iterators.length]).toEqual([0, 4]);
  for (const bytes of all) {
    await expect(bytes.text()).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(bytes.bytes()).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(Array.fromAsync(bytes.lines())).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(Array.fromAsync(bytes)).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
  expect(calls).toBeGreaterThan(0);
});

test("wrong arguments fail when the bytes are wanted, in every way to want them", async () => {
  const { archiver } = world();
  const wrong = archiver.tail("", 1);
  const refused = { code: "INVALID_ARGUMENT" };
  await expect(wrong.text()).rejects.toMatchObject(refused);
  await expect(wrong.bytes()).rejects.toMatchObject(refused);
  await expect(Array.fromAsync(wrong.lines())).rejects.toMatchObject(refused);
  await expect(toBytes(wrong)).rejects.toMatchObject(refused);
});

test("a reader of lines that leaves early closes what it reads from", async () => {
  let closed = false;
  const bytes = sessionBytes(async function* () {
    try {
      for (;;) yield encode("a\nb\n");
    } finally {
      closed = true;
    }
  });
  for await (const line of bytes.lines()) {
    expect(line).toBe("a");
    break;
  }
  expect(closed).toBe(true);
});

test("a byte order mark is left out at the start, and only there; what is no UTF-8 is marked", async () => {
  const bytes = sessionBytes(() => bytesOf(encode("\ufeffa\n\ufeffb\n"), Uint8Array.of(0xff, 10)));
  expect(await bytes.text()).toBe("a\n\ufeffb\n\ufffd\n");
  expect(await Array.fromAsync(bytes.lines())).toEqual(["a", "\ufeffb", "\ufffd"]);
});

test("wherever the chunks end, text and lines are the same", async () => {
  const texts = fc.string({ unit: fc.constantFrom("\n", "\r", "a", "é", "😀", "語", "\0"), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(9)), async (text, cuts) => {
      const whole = encode(text);
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const cut of [...cuts, whole.length]) {
        chunks.push(whole.subarray(at, at + cut));
        at += cut;
      }
      const bytes = sessionBytes(() => bytesOf(...chunks));
      expect(await bytes.text()).toBe(text);
      const lines = linesOf(text).map((line) => line.replace(/\r?\n$/, ""));
      expect(await Array.fromAsync(bytes.lines())).toEqual(lines);
    }),
  );
});
