/** Finding out that nothing has changed: no transcript is opened, however many there are. */
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { createArchiver, type Meta } from "@session-archiver/core";
import { expect, onTestFinished, test } from "vitest";
import { claudeCodeSource, type Files, nodeFiles, nodeFolderHost, placeOf, planFolders } from "../../src/index.js";
import { type Originals, versionOf, withOriginals } from "../../src/originals.js";

const COUNT = Number(process.env["SESSION_ARCHIVER_SESSIONS"] ?? 1000);
const DAY_MS = 86_400_000;

test(`a plan for ${COUNT} sessions that have not changed opens none of them`, async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agent-folders-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = await openSqlite(join(folder, "store.db"), { synchronous: "normal" });
  onTestFinished(() => store.close());
  const home = join(folder, ".claude");
  const opened: string[] = [];
  const real = nodeFiles();
  const files: Files = {
    ...real,
    open(path) {
      opened.push(path);
      return real.open(path);
    },
  };
  const archiver = createArchiver(store);
  const host = nodeFolderHost({ archiver, files, env: {} });
  const changed = new Date(Date.now() - 10 * DAY_MS);
  const noted: [string, Meta][] = [];
  for (let i = 0; i < COUNT; i++) {
    const [id, slug] = [randomUUID(), `-home-me-p${i % 200}`];
    const location = join(home, "projects", slug, `${id}.jsonl`);
    await mkdir(join(home, "projects", slug), { recursive: true });
    await writeFile(location, `{"sessionId":"${id}","uuid":"${randomUUID()}","parentUuid":null}\n`, { mode: 0o600 });
    await utimes(location, changed, changed);
    const look = await real.look(location);
    if (!look) throw new Error("It is not there.");
    const output = { root: "projects", path: `${slug}/${id}.jsonl`, mode: 0o600, mtimeMs: changed.getTime() };
    const originals: Originals = {
      ...{
        source: "claude-code",
        home,
        nativeId: id,
        project: slug,
        needs: [],
        state: "kept",
        keeps: true,
        folders: [],
      },
      members: { output: { ...output, size: look.size, crc32: 1, version: versionOf(look) } },
    };
    noted.push([
      `claude-code:${id}`,
      withOriginals({ view: "agent", "session:archived_at": 1, "session:archived_bytes": look.size }, originals),
    ]);
  }
  await Promise.all(noted.map(([id, meta]) => store.objects.put(id, meta, null)));
  const place = await placeOf(claudeCodeSource(), home, files, {});
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  const plan = await planFolders(host, [place]);
  const { user, system } = process.cpuUsage(cpu);
  const spent = `${Math.round(performance.now() - begun)} ms, of the processor ${Math.round((user + system) / 1000)} ms`;
  process.stdout.write(`${COUNT} sessions: ${spent}\n`);
  expect(plan.steps).toHaveLength(COUNT);
  expect(new Set(plan.steps.map(({ action, reason }) => `${action} ${reason}`))).toEqual(new Set(["leave keeps"]));
  expect(opened).toEqual([]);
});
