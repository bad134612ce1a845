/**
 * Makes the stores of this folder with an earlier version: `node make.mjs <its built checkout>`. See README.md.
 * All text is invented.
 */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const checkout = resolve(process.argv[2] ?? "");
const load = (name, folder = "") =>
  import(pathToFileURL(join(checkout, "packages", name, "dist", folder, "index.js")).href);
const { ArchiverError, bytesOf, collect, concat, createArchiver, memoryPorts, OUTPUT } = await load("core");
const { openSqlite } = await load("adapter-sqlite");
const { openFs, openFsArchives } = await load("adapter-fs");
// Earlier versions have it in a package of its own.
const { generateSession } = await load("test-kit", "sessions").catch(() => load("session-generator"));

const NOTES = "notes/überblick 1.txt";
const START_MS = Date.UTC(2026, 9, 1);
const encoder = new TextEncoder();

/** What the sessions go through. `s` writes, does and remembers: see `scenario`. */
const SESSIONS = {
  "live-1": async (s) => s.write(5),
  "archived-1": async (s) => s.archived(),
  "archived-2": async (s) => s.archived(),
  "-x/s1": async (s) => s.archived(),
  "claude-code/my project/7f3c1d52-9a": async (s) => s.archived(),
  "C:\\Users\\ä\\..\\con": async (s) => s.archived(),
  "resumed-1": async (s) => {
    await s.archived();
    await s.write(2);
  },
  "merged-twice": async (s) => {
    await s.archived();
    await s.archived();
    await s.archived();
  },
  "merged-and-resumed": async (s) => {
    await s.archived();
    await s.archived();
    await s.write(1);
  },
  "restored-1": async (s) => {
    await s.archived();
    await s.archiver.restore(s.id);
  },
  "restored-and-resumed": async (s) => {
    await s.archived();
    await s.archiver.restore(s.id);
    await s.write(2);
  },
  "restored-and-kept": async (s) => {
    await s.archived();
    await s.archiver.restore(s.id, { keepArchive: true });
  },
  "pruned-1": async (s) => {
    await s.archived();
    await s.archiver.pruneSession(s.id, { reason: "too old" });
  },
  "purged-1": async (s) => {
    await s.archived();
    await s.purge();
  },
  "purged-and-revived": async (s) => {
    await s.archived();
    await s.purge();
    await s.write(2);
  },
  "pinned-1": async (s) => {
    await s.archived();
    await s.archiver.pin(s.id, true);
  },
  "sidecar-1": async (s) => {
    await s.sidecar("a\nb\n");
    await s.archived();
  },
  "sidecar-merged": async (s) => {
    await s.sidecar("a\n");
    await s.archived();
    await s.sidecar("b\n");
    await s.archived();
  },
  // Died after the commit: live bytes that the archive holds too.
  "settling-1": async (s) => {
    await s.write(4);
    await s.dying("blobs", "delete").archive(s.id);
  },
  // Died before it: an archive that no object names.
  "uncommitted-1": async (s) => {
    await s.write(4);
    await s.dying("objects", "put").archive(s.id).catch(expected);
  },
  // Died when the blob was back, and the object not told.
  "restoring-1": async (s) => {
    await s.archived();
    await s.dying("objects", "put", 1).restore(s.id).catch(expected);
  },
};

function expected(error) {
  if (error.code !== "UNAVAILABLE") throw error;
}

/** Ports on which calls of one method fail after so many, as if the process had died there. */
function dying(ports, port, method, after = 0) {
  let calls = 0;
  const fail = (...args) => {
    if (calls++ < after) return ports[port][method](...args);
    throw new ArchiverError("UNAVAILABLE", "The process is gone.");
  };
  return { ...ports, [port]: { ...ports[port], [method]: fail } };
}

async function fill(ports) {
  let ids = 0;
  let time = START_MS;
  const options = {
    now: () => (time += 1000),
    randomId: () => createHash("sha256").update(`${++ids}`).digest("hex").slice(0, 16),
    policy: { maxTotalBytes: Number.POSITIVE_INFINITY },
  };
  const archiver = createArchiver({ ...ports, ...options });
  const sessions = {};
  let seed = 1;
  for (const [id, scenario] of Object.entries(SESSIONS)) {
    const files = new Map();
    let at;
    const s = {
      id,
      archiver,
      dying: (...where) => createArchiver({ ...dying(ports, ...where), ...options }),
      async write(count) {
        const lines = [...generateSession({ seed: seed++, bytes: 400 * count, startMs: time })].slice(0, count);
        const recorder = archiver.recorder(id, { create: { title: `Session ${id}` }, statsEveryMs: 0 });
        for (const line of lines) await recorder.append(line);
        await recorder.close();
        files.set(OUTPUT, concat([files.get(OUTPUT) ?? new Uint8Array(), ...lines]));
      },
      async sidecar(text) {
        if (!(await ports.objects.get(id))) await s.write(1);
        const bytes = encoder.encode(text);
        const key = { id, name: NOTES };
        const live = await ports.blobs.stat(key);
        at = live
          ? await ports.blobs.append(at, bytes)
          : await ports.blobs.create(key, `live-n${seed}`, bytesOf(bytes));
        files.set(NOTES, concat([files.get(NOTES) ?? new Uint8Array(), bytes]));
      },
      async archived() {
        await s.write(3);
        await archiver.archive(id);
      },
      async purge() {
        await archiver.pruneSession(id);
        await createArchiver({ ...ports, ...options, objects: onlyThis(ports.objects, id) }).prune({ graceDays: 0 });
        files.clear();
      },
    };
    await scenario(s);
    const { state, lineCount, pinned, pruneReason } = await archiver.info(id);
    const read = {};
    for (const [name, bytes] of files) {
      if (state !== "pruned" && hash(await collect(archiver.read(id, { name }))) !== hash(bytes)) throw new Error(id);
      read[name] = { bytes: bytes.length, sha256: hash(bytes) };
    }
    sessions[id] = { state, lineCount, pinned, pruneReason, files: read };
  }
  return sessions;
}

/** So that a prune gives up this session only. */
function onlyThis(objects, id) {
  return {
    get: (...args) => objects.get(...args),
    put: (...args) => objects.put(...args),
    delete: (...args) => objects.delete(...args),
    async *list(query) {
      for await (const object of objects.list(query)) if (object.id === id) yield object;
    },
  };
}

function hash(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** All files of a folder as base64, by path. */
async function pack(folder, name) {
  const files = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join("/")] = (await readFile(path)).toString("base64");
  }
  await writeFile(new URL(`${name}.json.gz`, import.meta.url), gzipSync(JSON.stringify(files), { level: 9 }));
}

let sessions;
for (const [name, open] of Object.entries({
  "sqlite-and-fs": async (folder) => {
    const main = await openSqlite(join(folder, "sessions.db"));
    const archives = openFsArchives(join(folder, "archives"));
    return [{ objects: main.objects, blobs: main.blobs, archives }, main, archives];
  },
  sqlite: async (folder) => {
    const main = await openSqlite(join(folder, "sessions.db"));
    return [main, main];
  },
  fs: async (folder) => {
    const main = openFs(folder);
    return [main, main];
  },
  sink: async (folder) => {
    const archives = openFsArchives(folder);
    return [{ ...memoryPorts(), archives }, archives];
  },
})) {
  const folder = await mkdtemp(join(tmpdir(), "session-archiver-earlier-"));
  try {
    const [ports, ...opened] = await open(folder);
    const filled = await fill(ports);
    if (sessions && JSON.stringify(filled) !== JSON.stringify(sessions)) throw new Error(`${name} differs.`);
    sessions = filled;
    for (const each of opened) await each.close();
    await pack(folder, name);
  } finally {
    await rm(folder, { recursive: true });
  }
}
await writeFile(new URL("expected.json", import.meta.url), `${JSON.stringify(sessions, null, 2)}\n`);
