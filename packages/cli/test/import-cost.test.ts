/** What an import reads: nothing from files that have not changed. */
import { appendFile, open } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { frame } from "@session-archiver/test-kit/zstd";
import { beforeEach, expect, test, vi } from "vitest";
import { newCli } from "./support/cli.js";
import { claudeLines, imported } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return { ...real, open: vi.fn(real.open) };
});

const opened = (): readonly string[] =>
  vi
    .mocked(open)
    .mock.calls.map(([path]) => String(path))
    .filter((path) => /[/\\]p[/\\]/.test(path));

beforeEach(() => void vi.mocked(open).mockClear());

test("unchanged files are not opened, whether packed or not, live or archived", async () => {
  const cli = await newCli();
  const plain = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`p/s${i}.jsonl`, claudeLines(`s${i}`, 3)]));
  await writeFiles(cli.folder, {
    ...plain,
    "p/a.jsonl.gz": gzipSync(transcript(3)),
    "p/b.jsonl.zst": frame(transcript(4)),
  });
  expect(await imported(cli, "p")).toMatchObject({ imported: 12 });
  expect(opened().length).toBeGreaterThanOrEqual(12);
  await cli.run("archive", "a", "b", "claude-code:s1");
  vi.mocked(open).mockClear();
  expect(await imported(cli, "p")).toMatchObject({ unchanged: 12 });
  expect(opened()).toEqual([]);

  await appendFile(join(cli.folder, "p/s3.jsonl"), claudeLines("s3", 1, "more"));
  expect(await imported(cli, "p")).toMatchObject({ unchanged: 11, appended: 1 });
  expect(new Set(opened())).toEqual(new Set([join(cli.folder, "p/s3.jsonl")]));
});

test("a file that was imported beside another session is not compared with that session again", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, {
    "p/x/a.jsonl": claudeLines("a", 3, "one"),
    "p/y/a.jsonl": claudeLines("a", 3, "two"),
  });
  expect(await imported(cli, "p")).toMatchObject({ imported: 2 });
  vi.mocked(open).mockClear();
  expect(await imported(cli, "p")).toMatchObject({ unchanged: 2 });
  expect(opened()).toHaveLength(2);
});

test("of two folders with the same sessions, the one that was imported first stays unread", async () => {
  const cli = await newCli();
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`s${i}.jsonl`, claudeLines(`s${i}`, 3)]));
  for (const root of ["p/a", "p/b"]) {
    await writeFiles(
      cli.folder,
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text])),
    );
  }
  expect(await imported(cli, "p/a", "p/b")).toMatchObject({ imported: 9, unchanged: 9 });
  vi.mocked(open).mockClear();
  expect(await imported(cli, "p/a", "p/b")).toMatchObject({ unchanged: 18 });
  expect(opened().filter((path) => path.includes(join("p", "a")))).toEqual([]);
});

test("a file that can't be read fails alone, not as a failure of the store", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/a.jsonl": claudeLines("a", 3), "p/b.jsonl": claudeLines("b", 3) });
  const broken = Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
  const real = vi.mocked(open).getMockImplementation();
  vi.mocked(open).mockImplementation(async (path, ...rest) => {
    if (String(path).endsWith("a.jsonl") || !real) throw broken;
    return real(path, ...rest);
  });
  const report = await imported(cli, "p");
  vi.mocked(open).mockImplementation(real ?? (() => Promise.reject(broken)));
  expect(report).toMatchObject({ exitCode: 0, imported: 1, failed: [{ path: "p/a.jsonl", code: "UNAVAILABLE" }] });
});

test("of a few files only the first lines are read, to find out their session", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/a.jsonl.gz": gzipSync(claudeLines("a", 3)), "p/b.jsonl": claudeLines("b", 3) });
  await imported(cli, "p");
  vi.mocked(open).mockClear();
  expect(await imported(cli, "p")).toMatchObject({ unchanged: 2 });
  expect(opened()).toHaveLength(2);
});
