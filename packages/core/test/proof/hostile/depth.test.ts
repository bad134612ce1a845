/** JSON of a million levels, wherever somebody may put it: taken as it is, or refused with a code, never a crash. */
import { expect, test } from "vitest";
import { type Kv, portsFromKv } from "../../../src/adapter.js";
import { countLines, timestampOf } from "../../../src/format.js";
import { codeOf, type Json, type Meta, memoryPorts, toBytes } from "../../../src/index.js";
import { mapKv } from "../../adapter/map-kv.js";
import { FUZZ } from "../../fuzz.js";
import { encode, makeSession, readText, world } from "../../support.js";
import { ID, lines } from "./samples.js";

const LEVELS = 1_000_000;
const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const DEEP = nested(LEVELS);

/** A store in which somebody else has put these texts. */
const kvOf = (texts: Readonly<Record<string, string>>): Kv =>
  mapKv(new Map(Object.entries(texts).map(([key, text]) => [key, { value: encode(text), version: "0" }])));

test("in the metadata: every operation does its work or is refused with a code, and the bytes are right", async () => {
  const w = world();
  await makeSession(w, ID, lines(4, 1));
  const object = await w.ports.objects.get(ID);
  // Objects of a million levels take the engine seconds each time they are touched.
  const deep: Json = JSON.parse(nested(FUZZ > 1 ? LEVELS : 30_000));
  try {
    await w.ports.objects.put(ID, { ...object?.meta, deep }, object?.version ?? "");
  } catch (error) {
    // Where JSON.stringify is recursive, a store has no such metadata.
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", id: ID });
    return;
  }
  const { archiver } = w;
  for (const work of [
    () => archiver.archive(ID),
    () => archiver.verify(ID),
    () => archiver.info(ID),
    async () => {
      await using recorder = archiver.recorder(ID);
      await recorder.append("more\n");
    },
    () => archiver.archive(ID),
    () => archiver.pin(ID, true),
    () => archiver.restore(ID),
  ]) {
    await work().catch((error: unknown) => expect(codeOf(error)).toBeDefined());
    expect((await readText(w, ID)).startsWith(lines(4, 1))).toBe(true);
  }
  expect(await readText(w, ID)).toBe(`${lines(4, 1)}more\n`);
});

test("in the lines: they have no time, and are counted", async () => {
  const line = `{"timestamp":${DEEP}}\n`;
  expect(timestampOf(line)).toBeUndefined();
  expect(timestampOf(`{"timestamp":${"[".repeat(LEVELS)}\n`)).toBeUndefined();
  expect(timestampOf(`{"deep":${DEEP},"timestamp":1795850196860}`)).toBe(1795850196860);
  expect(countLines(line)).toBe(1);
  const w = world();
  const text = `${line}${lines(2, 1)}${line}`;
  await makeSession(w, ID, text);
  await w.archiver.archive(ID);
  expect(await readText(w, ID)).toBe(text);
  const since = await toBytes(w.archiver.since(ID, 1));
  expect(new TextDecoder().decode(since)).toBe(text.slice(line.length));
});

test("in a key-value store's object: CORRUPT, or metadata as any other", async () => {
  const ports = portsFromKv(kvOf({ "object/deep": `{"a":${DEEP}}`, "object/list": DEEP, "object/null": "null" }));
  expect((await ports.objects.get("deep"))?.id).toBe("deep");
  for (const id of ["list", "null"]) await expect(ports.objects.get(id)).rejects.toMatchObject({ code: "CORRUPT", id });
});

test("in what a host writes: INVALID_ARGUMENT where it can't be written", async () => {
  const circular: { [key: string]: unknown } = {};
  circular["a"] = circular;
  for (const { objects } of [memoryPorts(), portsFromKv(kvOf({}))]) {
    await expect(objects.put(ID, circular as Meta, null)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await objects.get(ID)).toBeUndefined();
  }
});
