/** Files that crashed processes left are removed, those of living ones are not. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { expect, test } from "vitest";
import { leftFiles, openFs, openFsArchives } from "../src/index.js";
import { temporary } from "./support/temporary.js";

const UUID = "00000000-0000-4000-8000-000000000000";
const HOUR_MS = 60 * 60 * 1000;

test("only files not written to for a day, by a process that is gone, are cleared away", async () => {
  await using directory = await temporary();
  const staging = join(directory.path, ".staging");
  await mkdir(staging);
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const files = [
    { name: `${dead}-${UUID}.tmp`, hours: 25, stays: false },
    { name: `${dead}-${UUID.replace("4", "5")}.tmp`, hours: 23, stays: true },
    { name: `${process.ppid}-${UUID}.tmp`, hours: 25, stays: true },
    // Left by an earlier process with this one's number: last written to before this one began.
    { name: `${process.pid}-${UUID}.tmp`, hours: 25, stays: false },
    { name: "of-somebody-else.tmp", hours: 25, stays: true },
  ];
  for (const { name, hours } of files) {
    await writeFile(join(staging, name), "");
    const then = (Date.now() - hours * HOUR_MS) / 1000;
    await utimes(join(staging, name), then, then);
  }
  const told = (await Array.fromAsync(leftFiles(directory.path))).map(({ path }) => path).sort();
  const stale = files.filter(({ stays }) => !stays).map(({ name }) => join(staging, name));
  expect(told).toEqual(stale.sort());
  await using sink = openFsArchives(directory.path);
  await Array.fromAsync(sink.list());
  expect(await readdir(staging)).toHaveLength(files.length);
  await sink.put("a", bytesOf());
  const left = files.filter(({ stays }) => stays).map(({ name }) => name);
  expect((await readdir(staging)).sort()).toEqual(left.sort());
});

test("erase clears away all that dead processes left, however new, and counts the rest", async () => {
  await using directory = await temporary();
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  await using store = openFs(directory.path);
  expect(await store.erase()).toEqual({ unfinished: 0 });
  await store.objects.put("a", {}, null);
  await store.archives.put("a", bytesOf());
  const places = [join(directory.path, "store/.staging"), join(directory.path, "archives/.staging")];
  for (const place of places) {
    await writeFile(join(place, `${dead}-${UUID}.tmp`), "left a moment ago");
    await writeFile(join(place, `${process.ppid}-${UUID}.tmp`), "being written");
    await writeFile(join(place, "of-somebody-else.tmp"), "");
  }
  expect(await store.erase()).toEqual({ unfinished: 2 });
  for (const place of places) {
    expect((await readdir(place)).sort()).toEqual([`${process.ppid}-${UUID}.tmp`, "of-somebody-else.tmp"].sort());
  }
  await using sink = openFsArchives(join(directory.path, "archives"));
  expect(await sink.erase()).toEqual({ unfinished: 1 });
  await using reader = openFs(directory.path, { readOnly: true });
  await expect(reader.erase()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
