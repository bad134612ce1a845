import { mkdtempDisposable, readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openDataSet } from "../src/data/data-set.js";
import { checkRatio, ratioMeter } from "../src/data/ratio.js";
import { parseSize, sizeLabel } from "../src/data/size.js";

const SIZE = 700_000;
const NEWLINE = 10;

const temporary = () => mkdtempDisposable(join(tmpdir(), "session-archiver-test-"));
const open = (folder: string, log: string[] = []) =>
  openDataSet({ folder, size: SIZE, source: "generator", log: (message) => log.push(message) });

test("the large session has the requested size, in whole lines of JSON", async () => {
  await using home = await temporary();
  const file = await open(home.path).large();
  const bytes = await readFile(file.path);
  expect(bytes.length).toBe(file.bytes);
  expect(bytes.length).toBeGreaterThanOrEqual(SIZE);
  const lines = bytes.toString().split("\n");
  expect(lines.pop()).toBe("");
  for (const line of lines) expect(typeof JSON.parse(line)).toBe("object");
});

test("sessions of all sizes add up to the requested size, and small ones have about 20 kB", async () => {
  await using home = await temporary();
  const data = open(home.path);
  const sessions = await data.sessions();
  expect(sessions.bytes).toBeGreaterThanOrEqual(SIZE);
  expect(sessions.files.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(sessions.bytes);
  const small = await data.small(30);
  expect(small.files).toHaveLength(30);
  expect(await readdir(small.folder)).toHaveLength(30);
  for (const { path, bytes } of small.files) {
    expect((await stat(path)).size).toBe(bytes);
    expect(bytes).toBeGreaterThanOrEqual(18_000);
    expect(bytes).toBeLessThan(28_000);
    expect((await readFile(path)).at(-1)).toBe(NEWLINE);
  }
});

test("data is made once, and its ratio is logged and stored", async () => {
  await using home = await temporary();
  const log: string[] = [];
  const { path } = await open(home.path, log).large();
  const { mtimeMs } = await stat(path);
  const again = open(home.path, log);
  expect((await again.large()).path).toBe(path);
  expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  const [ratio] = Object.values(again.ratios());
  const bytes = await readFile(path);
  expect(ratio).toBeCloseTo(bytes.length / gzipSync(bytes).length, 2);
  expect(log.filter((line) => line.startsWith("Making"))).toHaveLength(1);
  expect(log.at(-1)).toContain(`gzip -6 ratio ${ratio?.toFixed(2)}`);
});

test("incomplete data is made again", async () => {
  await using home = await temporary();
  await using elsewhere = await temporary();
  const whole = await open(home.path).large();
  const broken = openDataSet({
    folder: elsewhere.path,
    size: SIZE,
    source: "generator",
    log: () => {
      throw new Error("stopped");
    },
  });
  await expect(broken.large()).rejects.toThrow("stopped");
  const made = await open(elsewhere.path).large();
  expect((await readFile(made.path)).equals(await readFile(whole.path))).toBe(true);
});

test("a ratio outside the range of real sessions is refused", async () => {
  const meter = ratioMeter();
  const zeros = new Uint8Array(1_000_000);
  await meter.add(zeros);
  const ratio = await meter.end();
  expect(ratio).toBeCloseTo(zeros.length / gzipSync(zeros).length, 0);
  expect(() => checkRatio(ratio, "zeros")).toThrow(/zeros 9\d\d\.\d\d times.*between 3\.5 and 6/);
  expect(() => checkRatio(3.49, "x")).toThrow();
  for (const fine of [3.5, 4.4, 6]) expect(() => checkRatio(fine, "x")).not.toThrow();
});

test("sizes are parsed and formatted", () => {
  expect([parseSize("256MB"), parseSize("1gb"), parseSize("1.5 kb")]).toEqual([256e6, 1e9, 1500]);
  for (const wrong of ["", "12", "MB", "-1MB", "0MB", "1TB", "1 MB "].slice(0, 6)) {
    expect(() => parseSize(wrong)).toThrow(/256MB/);
  }
  expect([sizeLabel(256e6), sizeLabel(1e9), sizeLabel(4.5e9)]).toEqual(["256mb", "1gb", "4.5gb"]);
});
