/** A catalogue whose archives are not there: which of the two is in the wrong place is for a person to say. */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Cli, newCli } from "../support/cli.js";
import { filesIn, treeHash } from "../support/doctor.js";
import { doctor, must } from "../support/planted.js";
import { transcript, writeFiles } from "../support/sessions.js";

/** Home A has archived `x`; home B has archived `a`, and has `live`. */
async function twoHomes(a: readonly string[], b: readonly string[]): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, {
    "p/a.jsonl": transcript(5),
    "p/live.jsonl": transcript(6),
    "q/x.jsonl": transcript(7),
  });
  await must(cli, "--home", "A", ...a, "import", "q");
  await must(cli, "--home", "A", ...a, "archive", "x");
  await must(cli, "--home", "B", ...b, "import", "p");
  await must(cli, "--home", "B", ...b, "archive", "a");
  return cli;
}

async function refusesToReplace(cli: Cli, words: readonly string[]): Promise<void> {
  const hash = await treeHash(join(cli.folder, "B"));
  const found = await doctor(cli, "--repair", ...words);
  expect(found).toMatchObject({ exitCode: 1, healthy: false, repairs: [] });
  expect(found.findings).toMatchObject([
    { kind: "catalogue-foreign", remedy: expect.stringContaining("--archives; or, if this catalogue should not be") },
  ]);
  expect(await treeHash(join(cli.folder, "B"))).toBe(hash);
}

test("archives that were named by mistake don't cost a home its catalogue", async () => {
  const cli = await twoHomes([], []);
  await refusesToReplace(cli, ["--home", "B", "--archives", "fs:A/archives"]);
  expect(await doctor(cli, "--home", "B")).toMatchObject({ exitCode: 0, healthy: true });
});

test("a home that has lost its archives in a shared folder doesn't become the other home", async () => {
  const cli = await twoHomes(["--archives", "fs:sink"], ["--archives", "fs:sink"]);
  for (const file of await filesIn(join(cli.folder, "sink"))) if (file.includes("/a.")) await rm(file);
  await refusesToReplace(cli, ["--home", "B", "--archives", "fs:sink"]);
});

test("a damaged database of archives is named, and no rebuild is tried for it", async () => {
  const cli = await newCli("--archives", "sqlite:x.db");
  await writeFiles(cli.folder, { "p/a.jsonl": transcript(500), "p/live.jsonl": transcript(6) });
  await must(cli, "import", "p");
  await must(cli, "archive", "a");
  const file = await open(join(cli.folder, "x.db"), "r+");
  await file.write(Buffer.alloc(3000, 0xa5), 0, 3000, 2 * 4096);
  await file.close();
  const found = await doctor(cli, "--repair");
  expect(found).toMatchObject({ exitCode: 1, repairs: [] });
  expect(found.findings).toMatchObject([{ kind: "archives-damaged", remedy: "put a backup of it back" }]);
  expect(found.findings[0]?.message).not.toContain("\n");
});
