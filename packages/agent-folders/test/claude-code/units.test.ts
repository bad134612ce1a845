/** Claude Code's sessions as units. */
import { linkSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { placeOf } from "../../src/place.js";
import type { KnownTranscript, ScanOptions, Unit } from "../../src/source.js";
import { countedFiles, knowsNothing } from "../support/counted-files.js";
import { put, tempFolder } from "../support/temp.js";
import { userLine, uuid } from "../support/transcripts.js";

const source = claudeCodeSource();
const SLUG = "-home-me-project";
const [ONE, TWO] = [uuid(1), uuid(2)];

async function scanned(home: string, known: ScanOptions["known"] = knowsNothing, failing: readonly string[] = []) {
  const files = countedFiles(failing);
  const { units, leftOut } = await source.scan(await placeOf(source, home, files, {}), files, { known });
  return {
    units,
    byId: Object.fromEntries(units.map((unit) => [unit.id, namesOf(unit)])),
    leftOut: Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason])),
    opened: files.opened.map((path) => basename(path)),
  };
}

const namesOf = ({ members }: Unit): Record<string, string> =>
  Object.fromEntries(members.map(({ name, path }) => [name, path]));

async function home(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempFolder();
  for (const [path, text] of Object.entries(files)) await put(join(folder, "projects", path), text);
  return folder;
}

describe("units of Claude Code", () => {
  test("a transcript with everything in its folder, and nothing opened", async () => {
    const folder = await home({
      [`${SLUG}/${ONE}.jsonl`]: "{}\n",
      [`${SLUG}/${ONE}/subagents/agent-a1.jsonl`]: "{}\n",
      [`${SLUG}/${ONE}/subagents/agent-a1.meta.json`]: "{}",
      [`${SLUG}/${ONE}/subagents/workflows/wf_1/journal.jsonl`]: "{}\n",
      [`${SLUG}/${ONE}/tool-results/x.txt`]: "x",
      [`${SLUG}/${ONE}/archived.json`]: "{}",
      [`${SLUG}/${TWO}.jsonl`]: "{}\n",
    });
    const { units, byId, leftOut, opened } = await scanned(folder);
    expect(byId).toEqual({
      [`claude-code:${ONE}`]: {
        output: `${SLUG}/${ONE}.jsonl`,
        "archived.json": `${SLUG}/${ONE}/archived.json`,
        "subagents/agent-a1.jsonl": `${SLUG}/${ONE}/subagents/agent-a1.jsonl`,
        "subagents/agent-a1.meta.json": `${SLUG}/${ONE}/subagents/agent-a1.meta.json`,
        "subagents/workflows/wf_1/journal.jsonl": `${SLUG}/${ONE}/subagents/workflows/wf_1/journal.jsonl`,
        "tool-results/x.txt": `${SLUG}/${ONE}/tool-results/x.txt`,
      },
      [`claude-code:${TWO}`]: { output: `${SLUG}/${TWO}.jsonl` },
    });
    expect(units[0]).toMatchObject({ nativeId: ONE, project: SLUG, stays: undefined, needs: [] });
    expect(units[0]?.members[0]?.name).toBe("output");
    expect(units[0]?.folders.map(({ path }) => path)).toEqual([
      `${SLUG}/${ONE}/subagents/workflows/wf_1`,
      `${SLUG}/${ONE}/subagents/workflows`,
      `${SLUG}/${ONE}/subagents`,
      `${SLUG}/${ONE}/tool-results`,
      `${SLUG}/${ONE}`,
    ]);
    expect([leftOut, opened]).toEqual([{}, []]);
  });

  test("a unit is as old as its newest file", async () => {
    const folder = await home({});
    await put(join(folder, "projects", SLUG, `${ONE}.jsonl`), "{}\n", 1_000_000_000_000);
    await put(join(folder, "projects", SLUG, ONE, "tool-results/x.txt"), "x", 1_500_000_000_123);
    expect((await scanned(folder)).units[0]?.lastModifiedMs).toBe(1_500_000_000_123);
  });

  test("files that are not sessions are left out, and named", async () => {
    const folder = await home({
      "CLAUDE.md": "x",
      [`${SLUG}/${ONE}.jsonl`]: "",
      [`${SLUG}/${TWO}.jsonl.superseded-1795907840393`]: "{}\n",
      [`${SLUG}/${TWO}.jsonl.compact.tmp.1`]: "{}\n",
      [`${SLUG}/${TWO}.cast`]: "x",
      [`${SLUG}/${TWO}/tool-results/x.txt`]: "x",
      [`${SLUG}/memory/MEMORY.md`]: "x",
      [`${SLUG}/notes.jsonl`]: '{"any":"thing"}\n',
      "empty-project/.keep": "",
    });
    const { units, leftOut, opened } = await scanned(folder);
    expect(units).toEqual([]);
    expect(leftOut).toEqual({
      "CLAUDE.md": "not a session",
      [`${SLUG}/${ONE}.jsonl`]: "empty",
      [`${SLUG}/${TWO}.jsonl.superseded-1795907840393`]: "not a session",
      [`${SLUG}/${TWO}.jsonl.compact.tmp.1`]: "not a session",
      [`${SLUG}/${TWO}.cast`]: "not a session",
      [`${SLUG}/${TWO}/tool-results/x.txt`]: "not a session",
      [`${SLUG}/memory/MEMORY.md`]: "not a session",
      [`${SLUG}/notes.jsonl`]: "not a session",
      "empty-project/.keep": "not a session",
    });
    expect(opened).toEqual(["notes.jsonl"]);
  });

  test("old subagents belong to the session that their lines name, in another project, too", async () => {
    const folder = await home({
      [`${SLUG}/${ONE}.jsonl`]: userLine(ONE),
      [`${SLUG}/agent-a1.jsonl`]: userLine(ONE, { agentId: "a1" }),
      [`-home-me-other/agent-a2.jsonl`]: userLine(ONE, { agentId: "a2" }),
      [`${SLUG}/agent-a3.jsonl`]: userLine(TWO, { agentId: "a3" }),
      [`${SLUG}/agent-a4.jsonl`]: "not JSON\n",
    });
    const { byId, leftOut, opened } = await scanned(folder);
    expect(byId).toEqual({
      [`claude-code:${ONE}`]: {
        output: `${SLUG}/${ONE}.jsonl`,
        "beside/agent-a1.jsonl": `${SLUG}/agent-a1.jsonl`,
        "beside/agent-a2.jsonl": `-home-me-other/agent-a2.jsonl`,
      },
      [`claude-code:${TWO}/agent-a3`]: { output: `${SLUG}/agent-a3.jsonl` },
    });
    expect(leftOut).toEqual({ [`${SLUG}/agent-a4.jsonl`]: "not a session" });
    expect(opened.toSorted()).toEqual(["agent-a1.jsonl", "agent-a2.jsonl", "agent-a3.jsonl", "agent-a4.jsonl"]);
  });

  test("known files are not opened again; a subagent never takes the id of its session", async () => {
    const folder = await home({
      [`${SLUG}/${ONE}.jsonl`]: userLine(ONE),
      [`${SLUG}/agent-a1.jsonl`]: userLine(ONE, { agentId: "a1" }),
      [`${SLUG}/agent-a2.jsonl`]: userLine(TWO, { agentId: "a2" }),
      [`${SLUG}/notes.jsonl`]: userLine(uuid(3)),
    });
    const known = new Map<string, KnownTranscript>();
    const of = (nativeId: string): KnownTranscript => ({
      id: `claude-code:${nativeId}`,
      nativeId,
      project: "/home/me/project",
      needs: [],
    });
    known.set(`${SLUG}/${ONE}.jsonl`, of(ONE));
    known.set(`${SLUG}/agent-a1.jsonl`, of(ONE));
    // As if its session had been archived with it, and the subagent alone were here again.
    known.set(`${SLUG}/agent-a2.jsonl`, of(TWO));
    known.set(`${SLUG}/notes.jsonl`, of(uuid(3)));
    const { units, byId, opened } = await scanned(folder, (_root, path) => known.get(path));
    expect(opened).toEqual([]);
    expect(Object.keys(byId).toSorted()).toEqual([
      `claude-code:${ONE}`,
      `claude-code:${TWO}/agent-a2`,
      `claude-code:${uuid(3)}`,
    ]);
    expect(units.map(({ project }) => project)).toEqual(units.map(() => "/home/me/project"));
  });

  test("a transcript under another name is identified by its lines, and not opened as the session of that name", async () => {
    const folder = await home({
      [`${SLUG}/copy.jsonl`]: userLine(ONE),
      [`${SLUG}/${ONE}.jsonl`]: userLine(ONE),
    });
    const { units } = await scanned(folder);
    const [first, second] = units;
    expect(first?.id).toBe(`claude-code:${ONE}`);
    expect(first?.members[0]?.path).toBe(`${SLUG}/${ONE}.jsonl`);
    expect(second?.id).toMatch(new RegExp(`^claude-code:${ONE}/copy~[0-9a-f]{8}$`));
    expect(units.map(({ stays }) => stays)).toEqual([undefined, undefined]);
  });

  test("two transcripts of one session both stay; the known one keeps the id", async () => {
    const folder = await home({ [`-a/${ONE}.jsonl`]: userLine(ONE), [`-b/${ONE}.jsonl`]: userLine(ONE) });
    const { units } = await scanned(folder);
    expect(units.map(({ id }) => id)).toEqual([
      `claude-code:${ONE}`,
      expect.stringMatching(new RegExp(`^claude-code:${ONE}/${ONE}~[0-9a-f]{8}$`)),
    ]);
    expect(units.map(({ stays }) => stays)).toEqual([
      'Claude Code has a transcript of the same session in "-b", too',
      'Claude Code has a transcript of the same session in "-a", too',
    ]);
    const b: KnownTranscript = { id: `claude-code:${ONE}`, nativeId: ONE, project: "/b", needs: [] };
    const again = await scanned(folder, (_root, path) => (path.startsWith("-b/") ? b : undefined));
    expect(again.byId[`claude-code:${ONE}`]).toEqual({ output: `-b/${ONE}.jsonl` });
  });

  test("a link or a second name elsewhere counts as a second transcript", async () => {
    const folder = await home({ [`-a/${ONE}.jsonl`]: userLine(ONE), [`-b/${TWO}.jsonl`]: userLine(TWO) });
    const other = join(folder, "projects/-b", `${ONE}.jsonl`);
    symlinkSync(join(folder, "projects/-a", `${ONE}.jsonl`), other);
    const { units, leftOut } = await scanned(folder);
    expect(units.find(({ nativeId }) => nativeId === ONE)?.stays).toContain('"-b"');
    expect(leftOut).toEqual({ [`-b/${ONE}.jsonl`]: "link" });
  });

  test("a session stays if a part of it can't be taken along", async () => {
    const folder = await home({
      [`${SLUG}/${ONE}.jsonl`]: userLine(ONE),
      [`${SLUG}/${ONE}/tool-results/x.txt`]: "x",
      [`${SLUG}/${TWO}.jsonl`]: userLine(TWO),
      [`${SLUG}/${TWO}/tool-results/x.txt`]: "x",
      [`${SLUG}/${uuid(3)}.jsonl`]: userLine(uuid(3)),
      [`${SLUG}/${uuid(3)}/auth.json`]: "{}",
    });
    const projects = join(folder, "projects");
    linkSync(join(projects, SLUG, ONE, "tool-results/x.txt"), join(projects, "elsewhere.txt"));
    const { units } = await scanned(folder, knowsNothing, [join(projects, SLUG, TWO, "tool-results")]);
    expect(units.map(({ stays }) => stays)).toEqual([
      `"${SLUG}/${ONE}/tool-results/x.txt" belongs to it and can't be taken along: several names`,
      `"${SLUG}/${TWO}/tool-results" belongs to it and can't be taken along: unreadable`,
      `"${SLUG}/${uuid(3)}/auth.json" belongs to it and can't be taken along: denied`,
    ]);
  });

  test("names in a session's folder never clash with those that are ours", async () => {
    const paths = ["output", "beside/agent-a1.jsonl", "inside/output", "inside/beside/x", "x"];
    const folder = await home({
      [`${SLUG}/${ONE}.jsonl`]: userLine(ONE),
      [`${SLUG}/agent-a1.jsonl`]: userLine(ONE, { agentId: "a1" }),
      ...Object.fromEntries(paths.map((path) => [`${SLUG}/${ONE}/${path}`, "x"])),
    });
    const [unit] = (await scanned(folder)).units;
    const names = unit?.members.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(7);
    expect(unit?.members[0]).toMatchObject({ name: "output", path: `${SLUG}/${ONE}.jsonl` });
    expect(unit?.members.find(({ name }) => name === "beside/agent-a1.jsonl")?.path).toBe(`${SLUG}/agent-a1.jsonl`);
  });

  test("ids of any length and form in lines make no id of a session", async () => {
    const long = "x".repeat(900);
    const folder = await home({
      [`${SLUG}/a.jsonl`]: userLine(long),
      [`${SLUG}/b.jsonl`]: userLine("../../x"),
      [`${SLUG}/agent-${"y".repeat(200)}.jsonl`]: userLine("../../x", { agentId: "z" }),
    });
    const { units, leftOut } = await scanned(folder);
    expect(leftOut).toEqual({ [`${SLUG}/a.jsonl`]: "not a session" });
    expect(units.map(({ id }) => id.length <= 900 && id.startsWith("claude-code:"))).toEqual([true, true]);
  });

  test("a root that is a link as a whole is followed, nothing below it is", async () => {
    const folder = await tempFolder();
    const disk = await tempFolder();
    await put(join(disk, SLUG, `${ONE}.jsonl`), userLine(ONE));
    symlinkSync(disk, join(folder, "projects"));
    symlinkSync(join(disk, SLUG), join(disk, "-linked"));
    const { byId, leftOut } = await scanned(folder);
    expect(byId).toEqual({ [`claude-code:${ONE}`]: { output: `${SLUG}/${ONE}.jsonl` } });
    expect(leftOut).toEqual({ "-linked": "link" });
  });
});
