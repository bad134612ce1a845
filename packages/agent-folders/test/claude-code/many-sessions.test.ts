/** Thirty thousand sessions: finding out that nothing has changed opens no file, and its cost grows with their number only. */
import { ArchiverError } from "@session-archiver/core";
import { expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import type { FileLook, Files } from "../../src/files.js";
import { countedFiles, knowsNothing } from "../support/counted-files.js";
import { uuid } from "../support/transcripts.js";

const SESSIONS = 30_000;
/** Some five times what it takes; a step that looks at all sessions for each would take minutes. */
const MOST_CPU_MS = 15_000;

/** Folders without a disk under them, so that only our own work counts. */
function madeUp(): Files {
  const names = new Map<string, string[]>([["/projects", []]]);
  const add = (folder: string, name: string): void => {
    const known = names.get(folder);
    if (known) return void known.push(name);
    names.set(folder, [name]);
    add(folder.slice(0, folder.lastIndexOf("/")), folder.slice(folder.lastIndexOf("/") + 1));
  };
  for (let number = 0; number < SESSIONS; number++) {
    const project = `/projects/-p${number % 100}`;
    add(project, `${uuid(number)}.jsonl`);
    if (number % 10 === 0) add(`${project}/${uuid(number)}/tool-results`, "x.txt");
  }
  const look = (kind: FileLook["kind"], identity: string): FileLook => ({
    kind,
    size: 7,
    identity,
    mtimeNs: "1000000000000000000",
    ctimeNs: "1000000000000000000",
    links: 1,
    mode: 0o600,
    owner: 0,
    diskBytes: 4096,
  });
  return {
    ...countedFiles(),
    look: async (path) => look(names.has(path) ? "folder" : "file", path),
    list: async (folder) => names.get(folder) ?? [],
    async open(path) {
      throw new ArchiverError("UNAVAILABLE", `"${path}" was opened.`);
    },
  };
}

test("no file of 30,000 sessions is opened", async () => {
  const source = claudeCodeSource();
  const files = madeUp();
  const place = { source, home: "/", roots: [{ name: "projects", path: "/projects" }] };
  const before = process.cpuUsage();
  const { units, leftOut } = await source.scan(place, files, { known: knowsNothing });
  const { user, system } = process.cpuUsage(before);
  expect(units).toHaveLength(SESSIONS);
  expect(units.reduce((count, { members }) => count + members.length, 0)).toBe(SESSIONS + SESSIONS / 10);
  expect(leftOut).toEqual([]);
  expect((user + system) / 1000).toBeLessThan(MOST_CPU_MS);
});
