import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Mended, mendOrdinals } from "../../src/codex/mend-ordinals.js";
import { hasMixedOrdinals } from "../../src/codex/mixed-ordinals.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Files } from "../../src/index.js";
import { message, mixedRollout, ordinalsIn } from "../support/mixed.js";
import { type CodexFolder, codexFolder, headLine, record, scanned, threadId } from "../support/rollouts.js";

const [A, B, NEW, NEW_SEGMENT] = [threadId(1), threadId(2), threadId(801), threadId(802)];
const SEGMENT = threadId(101);
const DAY = "2026/11/01";
const PATH = `${DAY}/rollout-2026-11-01T10-00-00-${A}.jsonl`;
const REVERTED = `${DAY}/rollout-2026-11-01T11-00-00-${A}_${SEGMENT}.jsonl`;

const mend = (
  { home }: CodexFolder,
  paths = [PATH],
  files = nodeFiles(),
  newIds: readonly string[] = [NEW, NEW_SEGMENT],
): Promise<Mended> => {
  const ids = newIds.values();
  return mendOrdinals(files, join(home, "sessions"), paths, { newId: () => ids.next().value ?? "" });
};
const textOf = ({ home }: CodexFolder, path: string): Promise<string> =>
  readFile(join(home, "sessions", path), "latin1");
const namesIn = ({ home }: CodexFolder): Promise<readonly string[]> => readdir(join(home, "sessions", DAY));
const refusal = (code: string): unknown => expect.objectContaining({ code });

test("the copy has running ordinals and an id of its own; all other bytes, and the original, stay", async () => {
  const folder = await codexFolder();
  const original = mixedRollout(A);
  await folder.write(`sessions/${PATH}`, original);
  const mended = await mend(folder);
  const to = PATH.replace(A, NEW);
  expect(mended).toEqual({ nativeId: NEW, files: [{ from: PATH, to }], records: 2 });

  const copy = await textOf(folder, to);
  expect(ordinalsIn(copy)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(copy.replace('{"ordinal":4,', "{").replace('{"ordinal":5,', "{")).toBe(
    original.replaceAll(`"${A}"`, `"${NEW}"`),
  );
  expect(await textOf(folder, PATH)).toBe(original);
  expect(await namesIn(folder)).toEqual([PATH, to].map((path) => path.slice(DAY.length + 1)).sort());
  const { units } = await scanned(folder);
  expect([...units.keys()].sort()).toEqual([A, NEW]);
  expect(await hasMixedOrdinals(nodeFiles(), join(folder.home, "sessions", to))).toBe(false);
  expect((await stat(join(folder.home, "sessions", to))).mode).toBe(
    (await stat(join(folder.home, "sessions", PATH))).mode,
  );
});

test("later lines that name the old id, and texts that quote it, stay as they are", async () => {
  const folder = await codexFolder();
  const quoting = headLine(A, { note: `is "${A}`, path: `/x/${A}` }, 0);
  const item = record("event_msg", { type: "item_completed", thread_id: A }, 1);
  await folder.write(`sessions/${PATH}`, quoting + item + message("old"));
  await mend(folder);
  const [head = "", second] = (await textOf(folder, PATH.replace(A, NEW))).split("\n");
  const { id, session_id, note, path } = JSON.parse(head).payload;
  expect([id, session_id, note, path]).toEqual([NEW, NEW, `is "${A}`, `/x/${A}`]);
  expect(`${second}\n`).toBe(item);
});

test("bytes that are no text, torn lines and line ends of other systems are copied as they are", async () => {
  const folder = await codexFolder();
  const torn = `${message("torn", 4).slice(0, 40)}\n`;
  const odd = `${headLine(A, {}, 0)}${message("\u00ff\u00fe", 1)}\n${torn}${message("crlf").trim()}\r\n{}\n`;
  const bytes = Buffer.from(odd, "latin1");
  await folder.write(`sessions/${PATH}`, bytes);
  expect((await mend(folder)).records).toBe(2);
  const copy = await textOf(folder, PATH.replace(A, NEW));
  const expected = odd
    .replaceAll(`"${A}"`, `"${NEW}"`)
    .replace(
      '{"timestamp":"2026-11-01T10:00:00.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"crlf"',
      (found) => found.replace("{", '{"ordinal":2,'),
    );
  expect(copy).toBe(expected.replace(/\{\}\n$/, '{"ordinal":3}\n'));
});

test("records that newer and older releases wrote by turns are numbered from the first that lacks one", async () => {
  const folder = await codexFolder();
  const lines = [headLine(A, {}, 7), message("a", 8), message("b"), message("c", 9), message("d"), message("e", 10)];
  await folder.write(`sessions/${PATH}`, lines.join(""));
  expect((await mend(folder)).records).toBe(4);
  expect(ordinalsIn(await textOf(folder, PATH.replace(A, NEW)))).toEqual([7, 8, 9, 10, 11, 12]);
});

describe("a thread that was reverted", () => {
  const first = headLine(A, {}, 0) + message("one", 1) + message("two", 2);
  const cut = first.length - message("two", 2).length;
  const revert = headLine(A, { history_base: { thread_id: A, end_byte_offset: cut } }, 2);

  // Among files of the same second, Codex takes the one with the greatest id for the newest.
  test.each([
    [NEW, NEW_SEGMENT],
    [NEW_SEGMENT, NEW],
  ])("is copied with all its files, its parts name each other, and ids rise as before: %s, %s", async (...newIds) => {
    const folder = await codexFolder();
    await folder.write(`sessions/${PATH}`, first);
    await folder.write(`sessions/${REVERTED}`, revert + message("three", 3) + message("old"));
    const mended = await mend(folder, [REVERTED, PATH], nodeFiles(), newIds);
    expect(mended.nativeId).toBe(NEW);
    const [to = "", reverted = ""] = mended.files.map(({ to }) => to);
    expect([to, reverted]).toEqual([PATH.replace(A, NEW), REVERTED.replace(A, NEW).replace(SEGMENT, NEW_SEGMENT)]);
    const copy = await textOf(folder, reverted);
    expect(ordinalsIn(copy)).toEqual([2, 3, 4]);
    const base = JSON.parse(copy.split("\n")[0] ?? "").payload.history_base;
    expect(base).toEqual({ thread_id: NEW, end_byte_offset: cut });
    expect((await textOf(folder, to)).slice(0, cut)).toBe(first.slice(0, cut).replaceAll(`"${A}"`, `"${NEW}"`));
    expect((await scanned(folder)).units.get(NEW)?.members).toHaveLength(2);
  });

  test("is refused if bytes would move before the place where it was cut", async () => {
    const folder = await codexFolder();
    const mixed = headLine(A, {}, 0) + message("old") + message("old");
    await folder.write(`sessions/${PATH}`, mixed);
    await folder.write(`sessions/${REVERTED}`, revert.replace(String(cut), String(mixed.length)));
    await expect(mend(folder, [PATH, REVERTED])).rejects.toEqual(refusal("CONFLICT"));
    expect(await namesIn(folder)).toHaveLength(2);
  });
});

describe("there is no copy, and the original is untouched, if", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["nothing is mixed", headLine(A, {}, 0) + message("a", 1), "CONFLICT"],
    ["no record has an ordinal", headLine(A) + message("a"), "CONFLICT"],
    ["it is no rollout", "hello\n", "CORRUPT"],
    ["its id is no id of Codex's", headLine("abc-123", {}, 0) + message("a"), "CORRUPT"],
    ["its id is written in another way", mixedRollout(A).replaceAll(A, `\\u0030${A.slice(1)}`), "CORRUPT"],
    ["a later record can't be numbered", `${mixedRollout(A)}{"ordinal":9,"type":"x"}\n`, "CORRUPT"],
  ];
  test.each(cases)("%s", async (_what, content, code) => {
    const folder = await codexFolder();
    await folder.write(`sessions/${PATH}`, content);
    await expect(mend(folder)).rejects.toEqual(refusal(code));
    expect(await namesIn(folder)).toEqual([PATH.slice(DAY.length + 1)]);
    expect(await textOf(folder, PATH)).toBe(content);
  });

  test("it is gone, compressed, named twice, or of two threads", async () => {
    const folder = await codexFolder();
    await folder.write(`sessions/${PATH}`, mixedRollout(A));
    const other = await folder.thread(B);
    await expect(mend(folder, [`${DAY}/rollout-x-${B}.jsonl`])).rejects.toEqual(refusal("NOT_FOUND"));
    await expect(mend(folder, [`${PATH}.zst`])).rejects.toEqual(refusal("INVALID_ARGUMENT"));
    await expect(mend(folder, [PATH, PATH])).rejects.toEqual(refusal("INVALID_ARGUMENT"));
    await expect(mend(folder, [])).rejects.toEqual(refusal("INVALID_ARGUMENT"));
    await expect(mend(folder, [PATH, other.slice("sessions/".length)])).rejects.toEqual(refusal("INVALID_ARGUMENT"));
    expect(await namesIn(folder)).toHaveLength(2);
  });

  test("it is written to meanwhile", async () => {
    const folder = await codexFolder();
    const location = await folder.write(`sessions/${PATH}`, mixedRollout(A));
    const files: Files = {
      ...nodeFiles(),
      async write(path, body, file) {
        await nodeFiles().write(path, body, file);
        await appendFile(location, message("late"));
      },
    };
    await expect(mend(folder, [PATH], files)).rejects.toEqual(refusal("CONFLICT"));
    expect(await namesIn(folder)).toHaveLength(1);
  });

  test("a file of the copy's name is there already: it stays", async () => {
    const folder = await codexFolder();
    await folder.write(`sessions/${PATH}`, mixedRollout(A));
    const there = await folder.write(`sessions/${PATH.replace(A, NEW)}`, "mine");
    await expect(mend(folder)).rejects.toEqual(refusal("CONFLICT"));
    expect(await readFile(there, "utf8")).toBe("mine");
    await rm(there);
    expect(await namesIn(folder)).toHaveLength(1);
  });

  test("the disk fails at any step", async () => {
    const folder = await codexFolder();
    await folder.write(`sessions/${PATH}`, mixedRollout(A));
    for (const step of ["write", "link", "sync"] as const) {
      const fail = (): Promise<never> => Promise.reject(new Error("the disk is full"));
      await expect(mend(folder, [PATH], { ...nodeFiles(), [step]: fail })).rejects.toEqual(refusal("UNAVAILABLE"));
      expect(await namesIn(folder)).toHaveLength(1);
    }
  });
});
