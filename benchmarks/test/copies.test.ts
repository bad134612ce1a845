import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { generateSession } from "@session-archiver/test-kit/sessions";
import fc from "fast-check";
import { expect, test } from "vitest";
import { copiesOf } from "../src/data/copies.js";
import { templateOf } from "../src/data/template.js";

const SESSION = Buffer.from(
  [
    '{"sessionId":"4b034ad3-bc45-4e8f-a471-88c09fc4d108","timestamp":"2026-01-24T07:13:46.384Z","id":"msg_01TWqygqdWhKpsuJPwoTKUKn"}',
    '{"sessionId":"4b034ad3-bc45-4e8f-a471-88c09fc4d108","timestamp":"2026-01-24T07:14:46.999Z","id":"toolu_01Q6S4AwiiLp5gTueKaT4FdC"}\r',
    '{"of":"toolu_01Q6S4AwiiLp5gTueKaT4FdC","seen":"2025-12-31T23:59:59Z","micro":"2026-01-24T07:13:46.384123Z","text":"caf\xe9 4b034ad3"}',
    "",
    "torn \xff",
  ].join("\n"),
  "latin1",
);

function take(bytes: Buffer, count: number): readonly Buffer[] {
  return copiesOf([templateOf(bytes)])
    .take(count)
    .map((copy) => copy.bytes)
    .toArray();
}

test("a copy has other ids and times, and is otherwise what it was, byte for byte", () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = take(SESSION, 2);
  const withoutSlots = (bytes: Buffer): string =>
    bytes
      .toString("latin1")
      .replace(/[\da-f]{8}-[-\da-f]{27}|(?<=(?:msg|toolu)_..)[\dA-Za-z]{22}|\d{4}-[^"]+Z/g, (slot) =>
        "?".repeat(slot.length),
      );
  expect(withoutSlots(first)).toBe(withoutSlots(SESSION));
  for (const id of ["4b034ad3-bc45-4e8f-a471-88c09fc4d108", "TWqygqdWhKpsuJPwoTKUKn", "2026-01-24"]) {
    expect(first.includes(id)).toBe(false);
  }
  const idsIn = (bytes: Buffer): readonly string[] =>
    bytes.toString("latin1").match(/[\da-f]{8}-[-\da-f]{27}|(?:msg|toolu)_\w+|"\d{4}-[^"]+Z/g) ?? [];
  expect(new Set(idsIn(first)).isDisjointFrom(new Set(idsIn(second)))).toBe(true);
});

test("ids that were equal are equal in the copy, and times keep their distance and precision", () => {
  const [copy = Buffer.alloc(0)] = take(SESSION, 1);
  const lines = copy.toString("latin1").split("\n");
  const values = lines.slice(0, 3).map((line) => JSON.parse(line) as Record<string, string>);
  const [a, b, c] = values as [Record<string, string>, Record<string, string>, Record<string, string>];
  expect(a["sessionId"]).toBe(b["sessionId"]);
  expect(a["sessionId"]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(c["of"]).toBe(b["id"]);
  expect(b["id"]).toMatch(/^toolu_01[\dA-Za-z]{22}$/);
  const ms = (text: string | undefined): number => Date.parse(text ?? "");
  expect(ms(b["timestamp"]) - ms(a["timestamp"])).toBe(60_615);
  const apart = ms("2026-01-24T07:13:46.384Z") - ms("2025-12-31T23:59:59Z");
  expect(Math.abs(ms(a["timestamp"]) - ms(c["seen"]) - apart)).toBeLessThan(1000);
  expect(c["seen"]).toMatch(/T\d\d:\d\d:\d\dZ$/);
  expect(c["micro"]).toMatch(/T\d\d:\d\d:\d\d\.384123Z$/);
});

test("whatever bytes a session is made of, its copies have its length and its line ends", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    fc.constantFrom("\n", "\r\n", '"timestamp":"2026-01-24T07:13:46.384Z"', "4b034ad3-bc45-4e8f-a471-88c09fc4d108"),
    fc.constantFrom("toolu_01Q6S4AwiiLp5gTueKaT4FdC", "9999-12-31T23:59:59Z", "2026-99-99T07:13:46Z", "call_12345678"),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const session = Buffer.from(pieces.join(""), "latin1");
      const ends = (bytes: Buffer): number[] => [...bytes.keys()].filter((at) => bytes[at] === 10 || bytes[at] === 13);
      for (const copy of take(session, 3)) {
        expect(copy.length).toBe(session.length);
        expect(ends(copy)).toEqual(ends(session));
      }
    }),
  );
});

test("later copies begin later", () => {
  const templates = [templateOf(SESSION)];
  const starts = copiesOf(templates)
    .take(4)
    .map(({ bytes }) => Date.parse(/"timestamp":"([^"]+)"/.exec(bytes.toString("latin1"))?.[1] ?? ""))
    .toArray();
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(new Set(starts).size).toBe(4);
});

/** Of `gzip -6`, raw to stored. */
function ratioOf(bytes: Buffer): number {
  return bytes.length / gzipSync(bytes).length;
}

test.skipIf(!hasCorpus)(
  `real sessions compress as before, also one behind the other${hasCorpus ? "" : `: ${NO_CORPUS}`}`,
  async () => {
    const paths = (await corpusFiles("claude-code/entireio__git-sync")).slice(0, 6);
    const sessions = await Promise.all(
      paths.map((path) => readFile(join(CORPUS, "claude-code/entireio__git-sync", path))),
    );
    const copies = copiesOf(sessions.map(templateOf))
      .take(sessions.length * 2)
      .map(({ bytes }) => bytes)
      .toArray();
    expect(ratioOf(Buffer.concat(copies)) / ratioOf(Buffer.concat(sessions))).toBeGreaterThan(0.97);
    expect(ratioOf(Buffer.concat(copies)) / ratioOf(Buffer.concat(sessions))).toBeLessThan(1.03);
  },
);

test("generated sessions compress as before", () => {
  const session = Buffer.concat([...generateSession({ seed: 1, bytes: 60_000 })]);
  const [copy = Buffer.alloc(0)] = take(session, 1);
  expect(ratioOf(copy) / ratioOf(session)).toBeGreaterThan(0.97);
  expect(ratioOf(copy) / ratioOf(session)).toBeLessThan(1.03);
});
