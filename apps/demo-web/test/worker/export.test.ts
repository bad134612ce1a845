import { createArchiver, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { describe, expect, test } from "vitest";
import { safeName } from "../../src/worker/export.ts";
import { fileOf, gunzip, userLine, utf8 } from "./support/files.ts";
import { openService } from "./support/service.ts";

const TEXT = Array.from({ length: 5000 }, (_, i) => userLine(`Line ${i} ${Math.sin(i)}`)).join("");
const LONGER = TEXT + userLine("More");

test("live, archived, resumed: always the whole session, which comes in again under the same name", async () => {
  const { api, ports } = await openService();
  await api.importFiles([fileOf("projects/x/s.jsonl", TEXT)]);
  const id = "projects/x/s";
  const check = async (text: string): Promise<Uint8Array> => {
    const { name, blob } = await api.exportGzip(id);
    expect(name).toBe("s.jsonl.gz");
    expect(blob.type).toBe("application/gzip");
    expect(await gunzip(blob)).toEqual(utf8(text));
    return blob.bytes();
  };
  await check(TEXT);
  await api.archive(id);
  const stored = String((await ports.objects.get(id))?.meta[KEY.archiveKey]);
  expect(await check(TEXT)).toEqual(await toBytes(ports.archives.read(stored)));
  await api.importFiles([fileOf("projects/x/s.jsonl", LONGER)]);
  await check(LONGER);
  const { blob } = await api.exportGzip(id);
  const file = new File([blob], "s.jsonl.gz");
  expect(await api.importFiles([{ path: "projects/x/s.jsonl.gz", file }])).toMatchObject({ unchanged: [id] });
});

test("a damaged archive is CORRUPT, a lost manifest no hindrance, a pruned session PRUNED", async () => {
  const { api, ports } = await openService();
  await api.importFiles([fileOf("s.jsonl", TEXT), fileOf("m.jsonl", TEXT), fileOf("p.jsonl", TEXT)]);
  for (const id of ["s", "m", "p"]) await api.archive(id);
  const path = String((await ports.objects.get("s"))?.meta[KEY.archiveKey]);
  const bytes = await toBytes(ports.archives.read(path));
  await ports.archives.delete(path);
  await ports.archives.put(
    path,
    (async function* () {
      yield bytes.map((byte, i) => (i === 1000 ? byte ^ 1 : byte));
    })(),
  );
  await expect(api.exportGzip("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
  await ports.archives.delete(String((await ports.objects.get("m"))?.meta[KEY.manifestKey]));
  expect(await gunzip((await api.exportGzip("m")).blob)).toEqual(utf8(TEXT));
  await api.prune("p");
  await expect(api.exportGzip("p")).rejects.toMatchObject({ code: "PRUNED" });
  await expect(api.exportGzip("x")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("what the agent writes meanwhile doesn't tear it", async () => {
  const { api, ports } = await openService();
  await api.importFiles([fileOf("s.jsonl", TEXT)]);
  const running = api.exportGzip("s");
  const recorder = createArchiver(ports).recorder("s");
  await recorder.append(userLine("More"));
  await recorder.close();
  const text = new TextDecoder().decode(await gunzip((await running).blob));
  expect([TEXT, LONGER]).toContain(text);
});

describe("file names", () => {
  test.each([
    ["a b/c:d*?.x", "a b-c-d-.x"],
    ["../..", ""],
    [".hidden. ", "hidden"],
    ["CON", "_CON"],
    ["nul.txt", "_nul.txt"],
    ["e\u0301t\u00e9", "\u00e9t\u00e9"],
    ["line\nbreak\u0000", "line-break"],
    ["\u202egnp.exe", "gnp.exe"],
    ["x".repeat(500), "x".repeat(120)],
  ])("%j becomes %j", (text, name) => {
    expect(safeName(text)).toBe(name);
  });
});
