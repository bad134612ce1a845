import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchiverError, bytesOf, createArchiver, type Ports, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { frame } from "@session-archiver/test-kit/zstd";
import { describe, expect, test } from "vitest";
import { fileOf, gzip, textOf, userLine, utf8 } from "./support/files.ts";
import { DAY_MS, NOW, openService, type TestService } from "./support/service.ts";

const TEXT = userLine("Fix the login bug", "2026-04-01T10:00:00.000Z") + userLine("Thanks", "2026-04-02T10:00:00.000Z");

function held({ ports }: TestService, id: string): Promise<string> {
  return textOf(createArchiver(ports).read(id));
}

async function leftBehind(ports: Ports, id: string): Promise<number> {
  let count = (await ports.objects.get(id)) ? 1 : 0;
  for await (const _ of ports.blobs.list(id)) count++;
  return count;
}

describe("a new file", () => {
  test.each(["jsonl", "jsonl.gz", "jsonl.zst"])("becomes a session: .%s", async (ending) => {
    const service = await openService();
    const content = ending === "jsonl" ? TEXT : ending === "jsonl.gz" ? await gzip(TEXT) : frame(TEXT);
    const path = `projects/x/s.${ending}`;
    const file = fileOf(path, content);
    expect(await service.api.importFiles([file])).toEqual({
      imported: [{ id: "projects/x/s", name: path, bytes: file.file.size }],
      unchanged: [],
      appended: [],
      failures: [],
    });
    expect(await held(service, "projects/x/s")).toBe(TEXT);
    expect(await service.api.list()).toEqual([
      {
        id: "projects/x/s",
        title: "Fix the login bug",
        kind: "claude-code",
        cwd: null,
        branch: null,
        models: [],
        agentSession: "claude-code:s",
        caller: null,
        state: "live",
        lineCount: 2,
        rawBytes: TEXT.length,
        liveBytes: TEXT.length,
        archiveBytes: 0,
        lastActivityMs: Date.UTC(2026, 3, 2, 10),
        archivedAt: null,
        pinned: false,
        prunedAt: null,
        pruneReason: null,
        canUndo: false,
        undoableUntil: null,
        purgedAt: null,
        agentRunning: false,
      },
    ]);
  });

  test("without a title or times takes the file's", async () => {
    const { api } = await openService();
    await api.importFiles([fileOf("x/notes.jsonl", "{}\n", NOW - DAY_MS), fileOf("x/new.jsonl", "{}\n", NOW + DAY_MS)]);
    expect(await api.row("x/notes")).toMatchObject({ title: "notes", kind: "other", lastActivityMs: NOW - DAY_MS });
    expect(await api.row("x/new")).toMatchObject({ lastActivityMs: NOW });
  });

  test.each([["output", "sidecar"], ["output"], ["sidecar"]])(
    "is not mixed with bytes that an interrupted deletion left under its id: %s %s",
    async (...names) => {
      const service = await openService();
      for (const name of names) {
        await service.ports.blobs.create({ id: "s", name }, "live-old", bytesOf(utf8("old\n")));
      }
      expect((await service.api.importFiles([fileOf("s.jsonl", TEXT)])).failures).toEqual([]);
      expect(await held(service, "s")).toBe(TEXT);
      expect(await service.api.row("s")).toMatchObject({ rawBytes: TEXT.length });
    },
  );

  test("is picked up by a sweep", async () => {
    const { api } = await openService();
    await api.importFiles([fileOf("s.jsonl", TEXT)]);
    expect(await api.sweep({ inactiveDays: 7, maxTotalBytes: null })).toMatchObject({
      archivedCount: 1,
      failedCount: 0,
    });
    expect(await api.row("s")).toMatchObject({ state: "archived", liveBytes: 0, rawBytes: TEXT.length, lineCount: 2 });
  });
});

describe("a file whose session exists", () => {
  test.each(["live", "archived"])("unchanged, then appended: %s", async (state) => {
    const service = await openService();
    const { api } = service;
    await api.importFiles([fileOf("s.jsonl", TEXT)]);
    if (state === "archived") await api.archive("s");
    const before = await service.ports.objects.get("s");
    expect(await api.importFiles([fileOf("s.jsonl", TEXT)])).toMatchObject({ unchanged: ["s"], failures: [] });
    expect(await service.ports.objects.get("s")).toEqual(before);
    const longer = TEXT + userLine("One more thing", "2026-04-03T10:00:00.000Z");
    expect(await api.importFiles([fileOf("s.jsonl.gz", await gzip(longer))])).toMatchObject({
      appended: ["s"],
      failures: [],
    });
    expect(await held(service, "s")).toBe(longer);
    expect(await api.row("s")).toMatchObject({
      state: state === "archived" ? "resumed" : "live",
      lineCount: 3,
      rawBytes: longer.length,
      lastActivityMs: Date.UTC(2026, 3, 3, 10),
    });
  });

  test("a torn last line is continued where it ended", async () => {
    const service = await openService();
    const torn = TEXT.slice(0, -20);
    await service.api.importFiles([fileOf("s.jsonl", torn)]);
    expect(await service.api.importFiles([fileOf("s.jsonl", TEXT)])).toMatchObject({ appended: ["s"] });
    expect(await held(service, "s")).toBe(TEXT);
    expect(await service.api.row("s")).toMatchObject({ lineCount: 2 });
  });

  test("with other bytes is a conflict, and changes nothing", async () => {
    const service = await openService();
    await service.api.importFiles([fileOf("s.jsonl", TEXT)]);
    const before = await service.ports.objects.get("s");
    for (const text of [TEXT.replace("login", "logon"), `${TEXT.replace("login", "logon")}{}\n`]) {
      const { failures } = await service.api.importFiles([fileOf("s.jsonl", text)]);
      expect(failures).toMatchObject([{ name: "s.jsonl", code: "CONFLICT" }]);
      expect(failures[0]?.message).toContain("Nothing was changed");
      expect(await held(service, "s")).toBe(TEXT);
      expect((await service.ports.objects.get("s"))?.meta).toEqual(before?.meta);
    }
  });

  test.each([
    ["less", TEXT.slice(0, 50)],
    ["nothing", ""],
  ])("with %s is known already, and changes nothing", async (_name, text) => {
    const service = await openService();
    await service.api.importFiles([fileOf("s.jsonl", TEXT)]);
    const before = await service.ports.objects.get("s");
    expect(await service.api.importFiles([fileOf("s.jsonl", text)])).toMatchObject({ unchanged: ["s"], failures: [] });
    expect(await held(service, "s")).toBe(TEXT);
    expect(await service.ports.objects.get("s")).toEqual(before);
  });

  test("pruned: refused", async () => {
    const { api } = await openService();
    await api.importFiles([fileOf("s.jsonl", TEXT)]);
    await api.archive("s");
    await api.prune("s");
    expect((await api.importFiles([fileOf("s.jsonl", TEXT)])).failures).toMatchObject([{ code: "PRUNED" }]);
  });

  test("of two files with the same name in one import, the second is compared with the first", async () => {
    const { api } = await openService();
    const report = await api.importFiles([fileOf("s.jsonl", TEXT), fileOf("s.jsonl.gz", await gzip(`${TEXT}{}\n`))]);
    expect(report).toMatchObject({ imported: [{ id: "s" }], appended: ["s"] });
  });
});

describe("bad files", () => {
  const whole = () => gzip(TEXT.repeat(2000));
  const broken: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
    ["cut off", async () => (await whole()).slice(0, -9)],
    [
      "with a wrong checksum",
      async () => (await whole()).map((byte, i, all) => (i === all.length - 6 ? byte ^ 1 : byte)),
    ],
    ["damaged inside", async () => (await whole()).map((byte, i) => (i > 400 && i < 420 ? byte ^ 0x55 : byte))],
    ["that are plain text", async () => new TextEncoder().encode(TEXT)],
    ["that are empty", async () => new Uint8Array()],
  ];
  test.each(broken)("gzip data %s leaves nothing behind", async (_name, bytes) => {
    const { api, ports } = await openService();
    const report = await api.importFiles([fileOf("s.jsonl.gz", await bytes()), fileOf("good.jsonl", TEXT)]);
    expect(report.failures).toMatchObject([{ name: "s.jsonl.gz", code: "CORRUPT" }]);
    expect(report.failures[0]?.message).toContain("not one whole gzip file");
    expect(report.imported).toMatchObject([{ id: "good" }]);
    expect(await leftBehind(ports, "s")).toBe(0);
  });

  test.each(broken.slice(0, 3))("gzip data %s adds nothing to an existing session", async (_name, bytes) => {
    const service = await openService();
    await service.api.importFiles([fileOf("s.jsonl", TEXT)]);
    expect((await service.api.importFiles([fileOf("s.jsonl.gz", await bytes())])).failures).toMatchObject([
      { code: "CORRUPT" },
    ]);
    expect(await held(service, "s")).toBe(TEXT);
  });

  test("other types and impossible names are refused in plain words", async () => {
    const { api } = await openService();
    const long = `${"x".repeat(1000)}.jsonl`;
    const paths = ["notes.txt", "s.json", ".jsonl", "x/.jsonl.gz", "s.zst", long];
    const { failures } = await api.importFiles(paths.map((path) => fileOf(path, TEXT)));
    expect(failures.map(({ name, code }) => [name, code])).toEqual(paths.map((path) => [path, "INVALID_ARGUMENT"]));
    expect(failures[0]?.message).toBe(
      '"notes.txt" is not a session: its name must end in .jsonl, .jsonl.gz or .jsonl.zst.',
    );
    expect(await api.list()).toEqual([]);
  });

  test("a file that can't be read any more is reported as one failure", async () => {
    const { api, ports } = await openService();
    const gone = new (class extends File {
      override slice(): Blob {
        const piece = super.slice(0, 1);
        piece.bytes = () => Promise.reject(new DOMException("gone", "NotReadableError"));
        return piece;
      }
    })([TEXT], "s.jsonl");
    expect((await api.importFiles([{ path: "s.jsonl", file: gone }])).failures).toMatchObject([
      { code: "UNAVAILABLE", message: expect.stringContaining("Choose it again") },
    ]);
    expect(await leftBehind(ports, "s")).toBe(0);
  });

  test("without space left it fails with QUOTA and keeps nothing", async () => {
    const { ports } = await openService();
    const full: Ports = {
      ...ports,
      blobs: {
        ...ports.blobs,
        async create(_key, _generation, body) {
          for await (const _ of body) throw new ArchiverError("QUOTA", "No space.");
          throw new Error("no body");
        },
      },
    };
    const { api } = await openService({ ports: full });
    expect((await api.importFiles([fileOf("s.jsonl", TEXT)])).failures).toMatchObject([{ code: "QUOTA" }]);
    expect(await leftBehind(ports, "s")).toBe(0);
    expect(await api.list()).toEqual([]);
  });
});

test("after a cancel finished files stay, the running one leaves nothing, the rest are not begun", async () => {
  const { ports: inner } = await openService();
  const began = Promise.withResolvers<void>();
  const ports: Ports = {
    ...inner,
    blobs: {
      ...inner.blobs,
      create: (key, ...rest) => {
        if (key.id === "b") began.resolve();
        return inner.blobs.create(key, ...rest);
      },
    },
  };
  const { api } = await openService({ ports });
  const big = fileOf("b.jsonl", "x".repeat(5 * 1024 * 1024));
  const running = api.importFiles([fileOf("a.jsonl", TEXT), big, fileOf("c.jsonl", TEXT)]);
  await began.promise;
  await api.cancel();
  const report = await running;
  expect(report.imported).toMatchObject([{ id: "a" }]);
  expect(report.failures).toMatchObject([
    { name: "b.jsonl", code: "ABORTED" },
    { name: "c.jsonl", code: "ABORTED" },
  ]);
  expect(await leftBehind(ports, "b")).toBe(0);
  expect(await leftBehind(ports, "c")).toBe(0);
});

test("progress ends at all files and bytes", async () => {
  const { api, events } = await openService();
  const files = [fileOf("a.jsonl", TEXT), fileOf("b.jsonl.gz", await gzip(TEXT)), fileOf("c.txt", TEXT)];
  await api.importFiles(files);
  const last = events.findLast((event) => event.type === "progress");
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  expect(last).toMatchObject({ progress: { doneBytes: totalBytes, totalBytes, doneCount: 3, totalCount: 3 } });
});

if (!hasCorpus) console.warn(NO_CORPUS);
test.skipIf(!hasCorpus)("every real session is imported, archived, verified and restored byte for byte", async () => {
  const service = await openService();
  const { api, ports } = service;
  const paths = await corpusFiles();
  const files = await Promise.all(
    paths.map(async (path, i) => {
      const bytes = await readFile(join(CORPUS, path));
      return i % 2 === 0 ? fileOf(path, bytes) : fileOf(`${path}.gz`, await gzip(bytes));
    }),
  );
  const report = await api.importFiles(files);
  expect(report.failures).toEqual([]);
  expect(report.imported).toHaveLength(paths.length);
  for (const path of paths) {
    const id = path.replace(/\.jsonl$/, "");
    const bytes = await readFile(join(CORPUS, path));
    const same = async (): Promise<void> =>
      expect(Buffer.compare(await toBytes(createArchiver(ports).read(id)), bytes)).toBe(0);
    await same();
    const row = await api.row(id);
    expect(row.rawBytes).toBe(bytes.length);
    await api.archive(id);
    await api.verify(id);
    await same();
    if (bytes.length > 0) await api.restore(id);
    await same();
    const object = await ports.objects.get(id);
    expect(object?.meta[KEY.view]).toBe("agent");
  }
  expect((await api.list()).filter(({ title }) => title === "" || title.length > 121)).toEqual([]);
});
