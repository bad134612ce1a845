/** What processes leave behind or hold: staged files and locks. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { describe, expect, onTestFinished, test } from "vitest";
import { deviceName } from "../../src/doctor/locks.js";
import { locksIn } from "../../src/doctor/probes.js";
import { newStore, only } from "../support/doctor.js";

const UUID = "00000000-0000-4000-8000-000000000000";
const HOUR_MS = 60 * 60 * 1000;

describe("staged files", () => {
  test.each(["store", "archives"])("of dead processes in %s are reported, and removed by the repair", async (where) => {
    const { home, find } = await newStore("fs");
    const staging = join(home, where, ".staging");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const files = [
      { name: `${dead}-${UUID}.tmp`, hours: 25 },
      { name: `${dead}-${UUID.replace("4", "5")}.tmp`, hours: 23 },
      { name: `${process.ppid}-${UUID}.tmp`, hours: 25 },
      { name: "of-somebody-else.tmp", hours: 25 },
    ];
    for (const { name, hours } of files) {
      await writeFile(join(staging, name), "12345", { mode: 0o600 });
      const then = (Date.now() - hours * HOUR_MS) / 1000;
      await utimes(join(staging, name), then, then);
    }
    const finding = only(await find(), "staging-left");
    expect(finding).toMatchObject({ severity: "note", message: expect.stringContaining("1 unfinished file (5 B)") });
    expect(await finding.repair?.run()).toBe("removed 1 file");
    expect(files.map(({ name }) => existsSync(join(staging, name)))).toEqual([false, true, true, true]);
    expect(await find()).toEqual([]);
  });
});

describe("locks", () => {
  test("a lock file that lies there means nothing; something else in its place does", async () => {
    const { home, find } = await newStore("fs");
    const lock = join(home, "store/.lock");
    expect(existsSync(lock)).toBe(true);
    expect(await find()).toEqual([]);
    await writeFile(lock, "12345");
    expect(only(await find(), "lock-foreign").severity).toBe("warning");
    await rm(lock);
    await mkdir(lock, { mode: 0o700 });
    expect(only(await find(), "lock-foreign").severity).toBe("warning");
  });

  test.skipIf(process.platform !== "linux").each(["sqlite", "fs"] as const)(
    "of a process that has been stopped is reported, until it goes on: %s",
    async (kind) => {
      const { home, find } = await newStore(kind);
      const script = fileURLToPath(new URL("../support/hold-lock.ts", import.meta.url));
      const file = kind === "fs" ? join(home, "store/.lock") : join(home, "sessions.db");
      const child = spawn(process.execPath, [...FROM_SOURCES, script, file], { stdio: ["ignore", "pipe", "inherit"] });
      onTestFinished(() => void child.kill("SIGKILL"));
      await once(child.stdout, "data");
      // It is at work: others wait for a moment.
      expect(await find()).toEqual([]);
      child.kill("SIGSTOP");
      while (!/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, "utf8")));
      const finding = only(await find(), "lock-held");
      expect(finding).toMatchObject({
        severity: "warning",
        remedy: expect.stringContaining(`kill -CONT ${child.pid}`),
      });
      child.kill("SIGKILL");
      await once(child, "close");
      // The system has released it.
      expect(await find()).toEqual([]);
    },
  );

  test("are read as Linux lists them", () => {
    const text = `1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 1073741824 1073742335
1: -> POSIX  ADVISORY  WRITE 99 fe:00:5678 1073741824 1073742335
2: FLOCK  ADVISORY  READ 7 00:2d:9 0 EOF
`;
    expect(locksIn(text)).toEqual([
      { pid: 1234, inode: 5678, device: "fe:00", isWrite: true },
      { pid: 7, inode: 9, device: "00:2d", isWrite: false },
    ]);
    expect(deviceName(0xfe00)).toBe("fe:00");
    expect(deviceName(0x10_3_02)).toBe("103:02");
    expect(deviceName(0x100_8_23)).toBe("08:123");
  });
});
