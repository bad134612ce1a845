/** Only the two ends of a large file that has grown are compared; the archiver of its session compares the rest. */
import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSource } from "../src/import/open-source.js";
import { type Cli, newCli } from "./support/cli.js";
import { bytesOf, claudeLines, detailsOf, imported } from "./support/imports.js";
import { writeFiles } from "./support/sessions.js";

const ID = "claude-code:s1";
const TEXT = claudeLines("s1", 12_000);
const MORE = claudeLines("s1", 1, "more");
const FORMS = [
  ["s1.jsonl", (text: string) => Buffer.from(text)],
  ["s1.jsonl.gz", (text: string) => gzipSync(text, { level: 1 })],
] as const;

async function grown(name: string, pack: (text: string) => Buffer, first = TEXT, then = TEXT + MORE): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { [`p/${name}`]: pack(first) });
  await imported(cli, "p");
  await writeFiles(cli.folder, { [`p/${name}`]: pack(then) });
  expect(await imported(cli, "p")).toMatchObject({ appended: 1 });
  expect((await detailsOf(cli, ID)).meta["session:unproven"]).toBe(first.length);
  return cli;
}

describe.each(FORMS)("%s", (name, pack) => {
  test("is archived once all of it has been compared", async () => {
    const cli = await grown(name, pack);
    expect((await cli.run("archive", ID)).exitCode).toBe(0);
    expect((await detailsOf(cli, ID)).meta["session:unproven"]).toBeUndefined();
    expect(await bytesOf(cli, ID)).toBe(TEXT + MORE);
  });

  test("is not archived if it was rewritten in between: the next import finds that, and keeps both versions", async () => {
    const other = TEXT.replace("hello 6000", "HELLO 6000") + MORE;
    const cli = await grown(name, pack, TEXT, other);
    expect((await cli.run("archive", ID, "--json")).json()).toMatchObject([{ code: "CONFLICT" }]);
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 0, replaced: 1 });
    expect(await bytesOf(cli, ID)).toBe(other);
    expect((await cli.run("cat", ID, "--kept", "1")).text).toBe(TEXT + MORE);
    expect((await cli.run("archive", ID)).exitCode).toBe(0);
  });
});

test.each([
  ["gone", (path: string) => rm(path)],
  ["empty", (path: string) => writeFile(path, "")],
  ["another session's", (path: string) => writeFile(path, claudeLines("s2", 20_000))],
] as const)("a file that is %s doesn't stop its session from being archived", async (_, change) => {
  const cli = await grown("s1.jsonl", (text) => Buffer.from(text));
  await change(join(cli.folder, "p/s1.jsonl"));
  expect((await cli.run("archive", ID)).exitCode).toBe(0);
  expect(await bytesOf(cli, ID)).toBe(TEXT + MORE);
});

test("another file of the session is compared completely", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/s1.jsonl": TEXT });
  await imported(cli, "p");
  await writeFiles(cli.folder, { "q/s1.jsonl": TEXT.replace("hello 6000", "HELLO 6000") + MORE });
  expect(await imported(cli, "q")).toMatchObject({ imported: 1, appended: 0 });
  expect(await bytesOf(cli, ID)).toBe(TEXT);
  await appendFile(join(cli.folder, "p/s1.jsonl"), MORE);
  expect(await imported(cli, "p", "q")).toMatchObject({ appended: 1, unchanged: 1 });
});

test("a file that can't be unpacked counts as missing", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, { "a.jsonl.gz": gzipSync(TEXT).subarray(0, 5000) });
  const source = { "session:source": { identity: "a", location: join(cli.folder, "a.jsonl.gz") } };
  expect(await openSource(source, undefined)).toBeUndefined();
  expect(await openSource({}, undefined)).toBeUndefined();
});
