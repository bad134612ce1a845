/** What a plan says of each session, and why. */
import { link, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { restoreUnit } from "../../src/restore/restore.js";
import { planFolders } from "../../src/sweep/plan.js";
import type { FolderPlan } from "../../src/sweep/plan-types.js";
import { folderPolicy } from "../../src/sweep/policy.js";
import { toyPlace } from "../support/toy-agent.js";
import { DAY_MS, lines, put, type World, world } from "../support/world.js";

const saysOf = ({ steps }: FolderPlan): readonly string[] =>
  steps.map(({ unit, action, reason }) => `${unit.nativeId}: ${action}${reason === undefined ? "" : ` (${reason})`}`);

async function five(): Promise<World> {
  const w = await world("memory");
  for (const [id, days] of Object.entries({ a: 40, b: 30, c: 20, d: 10, e: 1 }))
    await put(w, `p/${id}.jsonl`, lines(2), days);
  return w;
}

describe("policies compose", () => {
  test("idle days, and the newest of each project", async () => {
    const w = await five();
    await put(w, "q/f.jsonl", lines(2), 50);
    const plan = await w.plan({ idleDays: 15, keepLast: 3 });
    expect(saysOf(plan)).toEqual([
      "a: archive-and-free",
      "b: archive-and-free",
      "c: leave (keep-last)",
      "d: leave (recent)",
      "e: leave (recent)",
      "f: leave (keep-last)",
    ]);
  });

  test("within a time before the project's last activity", async () => {
    const w = await five();
    expect(saysOf(await w.plan({ idleDays: 5, keepWithinDays: 20 }))).toEqual([
      "a: archive-and-free",
      "b: archive-and-free",
      "c: leave (keep-within)",
      "d: leave (keep-within)",
      "e: leave (recent)",
    ]);
  });

  test("filters by agent, project, age and size", async () => {
    const w = await five();
    await put(w, "q/large.jsonl", lines(100), 40);
    const freed = async (policy: Parameters<World["plan"]>[0]): Promise<string> =>
      (await w.plan(policy)).steps.flatMap(({ unit, action }) => (action === "leave" ? [] : [unit.nativeId])).join(" ");
    expect(await freed({ include: [{ project: "q*" }] })).toBe("large");
    expect(await freed({ exclude: [{ project: "q" }] })).toBe("a b c d");
    expect(await freed({ include: [{ olderThanDays: 30 }], exclude: [{ minBytes: 5000 }] })).toBe("a b");
    expect(await freed({ include: [{ youngerThanDays: 15 }, { minBytes: 5000 }] })).toBe("d large");
    expect(await freed({ include: [{ agent: "other" }] })).toBe("");
  });

  test("impossible policies are refused", () => {
    const wrong = [
      { idleDays: -1 },
      { keepLast: Number.NaN },
      { days: 3 },
      { include: [{ colour: "red" }] },
      { free: "a" },
    ];
    for (const policy of wrong) {
      expect(() => folderPolicy(policy as never), JSON.stringify(policy)).toThrow(
        expect.objectContaining({ code: "INVALID_ARGUMENT" }),
      );
    }
  });
});

describe("what stays", () => {
  test("live, pinned, and just changed sessions", async () => {
    const w = await five();
    w.agent.running.add("a");
    await w.archiver.create("toy:b");
    await w.archiver.pin("toy:b", true);
    await put(w, "p/c.jsonl", lines(2), 0.5 / 24);
    const plan = await w.plan({ idleDays: 0 });
    expect(saysOf(plan).filter((line) => line.includes("leave"))).toEqual([
      "a: leave (live)",
      "b: leave (pinned)",
      "c: leave (live)",
    ]);
  });

  test("what a session that stays needs, and what that one needs", async () => {
    const w = await five();
    w.agent.needs.set("e", ["c"]);
    w.agent.needs.set("c", ["a"]);
    expect(saysOf(await w.plan())).toEqual([
      "a: leave (needed)",
      "b: archive-and-free",
      "c: leave (needed)",
      "d: archive-and-free",
      "e: leave (recent)",
    ]);
  });

  test("files with several names", async () => {
    const w = await five();
    await link(join(w.root, "p/a.jsonl"), join(w.folder, "other"));
    expect(saysOf(await w.plan())).not.toContain("a: archive-and-free");
  });

  test("everything where nothing may be freed: it is archived, and known from then on", async () => {
    const w = await five();
    const host = { ...w.host, mayFree: async () => "it lies on a network file system" };
    const plan = async (): Promise<FolderPlan> => planFolders(host, [w.place]);
    expect(saysOf(await plan())[0]).toBe("a: archive (not-here)");
    const { sweepFolders } = await import("../../src/sweep/run.js");
    await sweepFolders(host, await plan());
    expect(saysOf(await plan())[0]).toBe("a: leave (not-here)");
    expect(saysOf(await w.plan())[0]).toBe("a: free");
  });

  test("what --keep-originals has archived, until it is named", async () => {
    const w = await five();
    await w.sweep({ keepOriginals: true });
    expect((await w.archiver.info("toy:a")).state).toBe("mirrored");
    expect(saysOf(await w.plan())[0]).toBe("a: leave (keeps)");
    await put(w, "p/a.jsonl", lines(4), 35);
    expect(saysOf(await w.plan())[0]).toBe("a: archive (keeps)");
    await w.sweep();
    expect(saysOf(await w.plan())[0]).toBe("a: leave (keeps)");
    const named = await w.sweep({ free: ["toy:a"] });
    expect(named.done.map(({ step, outcome }) => [step.sessionId, outcome])).toEqual([["toy:a", "freed"]]);
    await restoreUnit(w.host, "toy:a");
    expect(await w.archiver.read("toy:a").text()).toBe(lines(4));
  });

  test("a copy of a home whose sessions are archived from the first one", async () => {
    const w = await five();
    await w.sweep();
    const other = { ...w, root: join(w.folder, "copy/notes") };
    await put(other, "p/a.jsonl", lines(2), 40);
    const plan = (): Promise<FolderPlan> => planFolders(w.host, [toyPlace(w.agent, join(w.folder, "copy"))]);
    expect(saysOf(await plan())).toEqual(["a: leave (elsewhere)"]);
    await rename(w.home, `${w.home}-gone`);
    expect(saysOf(await plan())).toEqual(["a: archive-and-free"]);
  });
});

test("nothing that is known is opened again, and a clean-up that is near is counted", async () => {
  const w = await five();
  await w.sweep({ keepOriginals: true, idleDays: 0 });
  w.agent.opened.length = 0;
  const plan = await w.plan();
  expect(w.agent.opened).toEqual([]);
  expect(plan.places[0]?.cleanUp.sessions).toBe(2);
  w.now += 20 * DAY_MS;
  expect((await w.plan()).places[0]?.cleanUp.sessions).toBe(4);
});

test("projects are called by their directory once the sessions show it, and filters know both names", async () => {
  const w = await world("memory");
  await put(w, "-home-me-a/s.jsonl", lines(2), 40);
  await put(w, "-home-me-a/t.jsonl", lines(2), 30);
  await put(w, "-home-me-a-b/u.jsonl", lines(2), 20);
  await put(w, "-home-me-a-b/v.jsonl", lines(2), 20);
  for (const [id, cwd] of Object.entries({ s: "/home/me/a", u: "/home/me/a.b", v: "/home/me/a_b" })) {
    await w.archiver.create(`toy:${id}`, { "session:facts": { by: "test", version: 1, values: { cwd } } });
  }
  const plan = await w.plan({ include: [{ project: "/home/me/*" }] });
  expect(plan.steps.map(({ unit, project, action }) => [unit.nativeId, project, action])).toEqual([
    ["u", "-home-me-a-b", "leave"],
    ["v", "-home-me-a-b", "leave"],
    ["s", "/home/me/a", "archive-and-free"],
    ["t", "/home/me/a", "archive-and-free"],
  ]);
  expect(
    (await w.plan({ include: [{ project: "-home-me-a" }] })).steps.filter(({ action }) => action !== "leave"),
  ).toHaveLength(2);
});
