/** Sources by name, and where they lie. */
import { symlinkSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../src/claude-code/source.js";
import { folderSource } from "../src/folder/source.js";
import { placeOf } from "../src/place.js";
import { registerSource, sourceNamed, sources } from "../src/registry.js";
import type { AgentSource } from "../src/source.js";
import { countedFiles } from "./support/counted-files.js";
import { put, tempFolder } from "./support/temp.js";

const refused = expect.objectContaining({ code: "INVALID_ARGUMENT" });
const made = (changes: object): AgentSource => ({ ...folderSource, name: "pi", label: "pi", ...changes });

describe("the registry of sources", () => {
  test("has Claude Code and plain folders, and takes others", () => {
    expect(sourceNamed("claude-code")?.label).toBe("Claude Code");
    expect(sourceNamed("folder")).toBe(folderSource);
    expect(sourceNamed("pi")).toBeUndefined();
    const pi = made({});
    registerSource(pi);
    expect(sourceNamed("pi")).toBe(pi);
    expect(sources().at(-1)).toBe(pi);
    expect(sourceNamed("__proto__")).toBeUndefined();
  });

  test("one name, one source", () => {
    expect(() => registerSource(made({ name: "claude-code" }))).toThrow(refused);
    expect(sourceNamed("claude-code")?.label).toBe("Claude Code");
  });

  test.each([
    { name: "" },
    { name: "a/b" },
    { name: "a,b" },
    { name: "-a" },
    { name: "A" },
    { name: 7 },
    { label: " " },
    { roots: [] },
    { roots: ["../x"] },
    { roots: ["/x"] },
    { roots: ["a//b"] },
    { roots: ["a", "a"] },
    { roots: ["a", "a/b"] },
    { roots: ["", "a"] },
    { roots: "sessions" },
    { scan: undefined },
    { live: 7 },
    { neededBy: null },
    { cleanUpAt: undefined },
    { arrange: undefined },
    { resume: undefined },
    { home: "x" },
    { isFragment: true },
  ])("refuses %j", (changes) => {
    const before = sources().length;
    expect(() => registerSource(made({ name: "other", ...changes }))).toThrow(refused);
    expect(sources()).toHaveLength(before);
  });

  test("refuses what is not an object", () => {
    for (const source of [undefined, null, "claude-code"])
      expect(() => registerSource(source as unknown as AgentSource)).toThrow(refused);
  });
});

describe("the place of a source", () => {
  const source = claudeCodeSource();
  const files = countedFiles();

  test("has the roots that exist, without links", async () => {
    const home = await tempFolder();
    expect((await placeOf(source, home, files, {})).roots).toEqual([]);
    const disk = await tempFolder();
    symlinkSync(disk, join(home, "projects"));
    const linked = join(await tempFolder(), "home");
    symlinkSync(home, linked);
    expect(await placeOf(source, linked, files, {})).toEqual({
      source,
      home: linked,
      roots: [{ name: "projects", path: disk }],
    });
  });

  test("a home that isn't there has no roots; a link to nowhere is an error", async () => {
    const folder = await tempFolder();
    expect((await placeOf(source, join(folder, "none"), files, {})).roots).toEqual([]);
    symlinkSync("nowhere", join(folder, "projects"));
    await expect(placeOf(source, folder, files, {})).rejects.toMatchObject({ code: "UNAVAILABLE" });
    symlinkSync("nowhere", join(folder, "home"));
    await expect(placeOf(source, join(folder, "home"), files, {})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("a root that is a file, a relative home, a plain folder that isn't there", async () => {
    const home = await tempFolder();
    await writeFile(join(home, "projects"), "x");
    await expect(placeOf(source, home, files, {})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(placeOf(source, "relative", files, {})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(placeOf(source, "/a\0b", files, {})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const none = placeOf(folderSource, join(home, "none"), files, {});
    await expect(none).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("two roots that are one folder would find each file twice", async () => {
    const home = await tempFolder();
    await mkdir(join(home, "a/inner"), { recursive: true });
    symlinkSync(join(home, "a/inner"), join(home, "b"));
    const two = placeOf(made({ roots: ["a", "b"] }), home, files, {});
    await expect(two).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("an agent's folder is not taken for a plain one, nor what it lies in, nor what lies in it", async () => {
    const outer = await tempFolder();
    const home = join(outer, ".claude");
    await put(join(home, "projects/-p/x.jsonl"), "{}");
    await put(join(outer, "exports/x.jsonl"), "{}");
    const env = { CLAUDE_CONFIG_DIR: home };
    for (const folder of [outer, home, join(home, "projects"), join(home, "projects/-p")]) {
      const asked = placeOf(folderSource, folder, files, env);
      await expect(asked).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        message: expect.stringContaining("claude-code"),
      });
    }
    expect((await placeOf(folderSource, join(outer, "exports"), files, env)).roots).toHaveLength(1);
  });
});
