/** Real sessions of every kind go through stores of one kind, byte for byte. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { countLines } from "@session-archiver/core/format";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { describe, expect, test } from "vitest";
import type { ImportReport } from "../../src/import/report.js";
import type { SessionDetails } from "../../src/index.js";
import { newCli } from "./cli.js";
import { listAll } from "./listed.js";

const run = promisify(execFile);
const FOLDERS = ["claude-code", "codex", "derived", "other"] as const;

/** `always` are arguments before those of every command. */
export function testRoundTrips(always: readonly string[]): void {
  if (!hasCorpus) console.warn(NO_CORPUS);
  describe.runIf(hasCorpus)("real sessions", () => {
    test.each(FOLDERS)("come back unchanged: %s", async (folder) => {
      const cli = await newCli(...always);
      const paths = await corpusFiles(folder);
      expect(paths.length).toBeGreaterThan(10);
      const whole = new Map<string, Buffer>();
      for (const path of paths) {
        const file = await readFile(join(CORPUS, folder, path));
        if (file.length > 0) whole.set(await realpath(join(CORPUS, folder, path)), file);
      }
      const imported = (await cli.run("import", join(CORPUS, folder), "--json")).json<ImportReport>();
      expect(imported).toMatchObject({ imported: whole.size, appended: 0, skipped: 0, failed: [] });
      expect(imported.leftOut.filter(({ reason }) => reason === "empty")).toHaveLength(paths.length - whole.size);

      const files = new Map<string, Buffer>();
      const listed = await listAll(cli);
      expect(listed).toHaveLength(whole.size);
      const details = await cli.run("info", "--json", "--", ...listed.map(({ id }) => id));
      for (const { id, lineCount, rawBytes, meta } of details.json<readonly SessionDetails[]>()) {
        const { location = "" } = meta["session:source"] as { readonly location?: string };
        const file = whole.get(location) ?? Buffer.of();
        whole.delete(location);
        files.set(id, file);
        expect([id, rawBytes, lineCount]).toEqual([id, file.length, countLines(file)]);
      }
      expect([...whole.keys()]).toEqual([]);

      const archived = await cli.run("archive", "--json", "--", ...files.keys());
      expect(archived.exitCode).toBe(0);
      expect((await cli.run("verify", "--json")).json()).toMatchObject({ checked: files.size, bad: [] });
      for (const [id, file] of files) expect((await cli.run("cat", "--", id)).stdout.equals(file)).toBe(true);
      await checkWithGzip(join(cli.folder, "archives"), [...files.values()]);

      expect((await cli.run("restore", "--json", "--", ...files.keys())).exitCode).toBe(0);
      for (const [id, file] of files) {
        expect((await cli.run("export", "--force", "-o", "out.jsonl", "--", id)).exitCode).toBe(0);
        expect((await readFile(join(cli.folder, "out.jsonl"))).equals(file)).toBe(true);
      }
    });
  });
}

/** The archives' contents, unpacked by gzip itself. */
async function checkWithGzip(folder: string, files: readonly Buffer[]): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".jsonl.gz"));
  const paths = names.map((name) => join(folder, name));
  expect(paths).toHaveLength(files.length);
  await run("gzip", ["-t", ...paths]);
  const options = { maxBuffer: 1 << 30, encoding: "buffer" } as const;
  const unpacked = await Promise.all(
    paths.map((path) => run("zcat", [path], options).then(({ stdout }) => hashOf(stdout))),
  );
  expect(unpacked.sort()).toEqual(files.map(hashOf).sort());
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
