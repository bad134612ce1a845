/** Files of one unit. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { type Claimed, claimRule, nodeFiles } from "../../src/index.js";
import { at, extent, type Lab } from "../support/lab.js";
import { laboratory } from "../support/laboratory.js";
import { stepped } from "../support/stepped.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());

/** Three files of one unit. */
async function unit(lab: Lab): Promise<Claimed[]> {
  const files: Claimed[] = [];
  await mkdir(`${lab.root}/u/sub`, { recursive: true });
  for (const path of ["u.jsonl", "u/sub/a.jsonl", "u/sub/b.txt"]) {
    await writeFile(`${lab.root}/${path}`, path, { mode: 0o640 });
    const look = await nodeFiles().look(`${lab.root}/${path}`);
    if (look) files.push({ root: lab.root, path, look, ...extent(path) });
  }
  return files;
}

test("the files of a unit go together", async () => {
  await using lab = await laboratory(writer, true);
  const files = await unit(lab);
  expect(await claimRule.claim(lab.quiet(), files, {})).toMatchObject({ outcome: "freed" });
  expect(await readdir(lab.root)).toEqual(["p", "u"]);
  expect(await readdir(`${lab.root}/u/sub`)).toEqual([]);
});

test("whenever one of them is written to, all of them are back, or all are aside", async () => {
  await using lab = await laboratory(writer, false);
  const files = await unit(lab);
  for (let call = 1, calls = 1; call <= calls; call++) {
    const { files: watched, calls: made } = stepped(
      nodeFiles(),
      at(call, () => writer.do({ act: "append", path: `${lab.root}/u/sub/a.jsonl`, text: "!" }).then(() => undefined)),
    );
    const result = await claimRule.claim(lab.quiet(watched), await unit(lab), {});
    calls = Math.max(made(), 100);
    expect(["back", "conflict", "held"]).toContain(result.outcome);
    if (result.outcome === "held") {
      for (const path of ["u.jsonl", "u/sub/a.jsonl", "u/sub/b.txt"]) {
        const parts = (await lab.parts()).filter((part) => part.path === path);
        if (parts.length > 0) await claimRule.putBack(lab.quiet(), parts, {});
      }
    }
    const contents = await Promise.all(files.map(({ path }) => readFile(`${lab.root}/${path}`, "utf8")));
    if (call <= made()) expect(contents, String(call)).toEqual(["u.jsonl", "u/sub/a.jsonl!", "u/sub/b.txt"]);
    lab.later(25);
    for (const part of await lab.parts()) await claimRule.finish(lab.quiet(), [part], undefined, {});
    expect(await lab.parts()).toEqual([]);
  }
});
