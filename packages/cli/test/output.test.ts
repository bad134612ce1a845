import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openProgress } from "../src/output/open-progress.js";
import { ClosedPipe, writeTo } from "../src/output/pipe.js";
import { formatTable } from "../src/output/table.js";
import { count } from "../src/output/text.js";
import { formatTime } from "../src/output/times.js";
import { newCli, Sink } from "./support/cli.js";
import { transcript, writeFiles } from "./support/sessions.js";

const ESCAPE = "\u001b";

class Terminal extends Sink {
  readonly isTTY = true;
  readonly columns = 80;
}

describe("on a terminal", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("draws a bar, and prints lines only after removing it", async () => {
    const stream = new Terminal();
    const progress = await openProgress({ stream, label: "import", total: 2_000_000, unit: "bytes" });
    progress.update(500_000, "a/very/long/id/that/goes/on/and/on/and/ends/with-this");
    vi.advanceTimersByTime(200);
    progress.finished("imported a");
    progress.note("failed: b");
    const during = stream.bytes.toString();
    expect(during).toContain("25 % | 500 kB of 2 MB | …");
    expect(during).toContain("ends/with-this");
    expect(during).not.toContain("failed: b");
    progress.stop();
    const after = stream.bytes.toString();
    expect(after.endsWith("failed: b\n")).toBe(true);
    expect(after).not.toContain("imported a");
    // The cursor is shown again.
    expect(after.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(after.lastIndexOf(`${ESCAPE}[?25l`));
  });
});

test("a bar's total may become known later", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const stream = new Terminal();
  const progress = await openProgress({ stream, label: "verify", total: 0, unit: "sessions" });
  progress.update(3, "s", 12);
  vi.advanceTimersByTime(200);
  progress.stop();
  expect(stream.bytes.toString()).toContain("25 % | 3 of 12 | s");
});

describe("elsewhere", () => {
  test("prints plain lines: each result at once, progress every five seconds", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const stream = new Sink();
    const progress = await openProgress({ stream, label: "verify", total: 9, unit: "sessions" });
    progress.update(1, "a");
    progress.finished("archived a");
    vi.advanceTimersByTime(5000);
    progress.update(2, "b");
    progress.update(3, "c");
    progress.note("failed: d\u0007");
    vi.advanceTimersByTime(5000);
    progress.update(12, "e", 10); // the total was not known at the start
    progress.stop();
    vi.useRealTimers();
    expect(stream.bytes.toString()).toBe("archived a\nverify: 2 of 9, at b\nfailed: d\\u{7}\nverify: 10 of 10, at e\n");
  });

  test("prints only the result to stdout", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(2), "p/b.jsonl": transcript(2) });
    const run = await cli.run("import", "p", "missing");
    expect(run.text).toBe("2 imported, 0 appended, 0 skipped, 1 failed.\n");
    expect(run.stderr).toMatch(/^failed: missing: .*\nimported a \(\d+ B\)\nimported b \(\d+ B\)\n$/);
    const sweep = await cli.run("sweep");
    // Both run at once.
    expect(sweep.stderr).toMatch(/^(archived a\narchived b|archived b\narchived a)\n/);
    expect(sweep.text).toMatch(/^Archived {4}2 sessions: .* of live storage freed, .* of archives added\n$/);
    expect((await cli.run("sweep")).text).toBe("There was nothing to do.\n");
    expect((await cli.run("list")).text).toMatch(
      /^STATE +AGE +AGENT +PROJECT +BRANCH +MSGS +SIZE +TITLE +ID\narchived +\d{4}-\d\d-\d\d /,
    );
  });
});

describe("text", () => {
  test("counts", () =>
    expect([count(0, "file"), count(1, "file"), count(2, "file")]).toEqual(["0 files", "1 file", "2 files"]));

  test("prints times to the minute", () => {
    expect(formatTime(new Date(2026, 0, 5, 9, 7).getTime())).toBe("2026-01-05 09:07");
    expect([formatTime(null), formatTime(8.7e15)]).toEqual(["-", "-"]);
  });

  test("aligns columns for any cells", async () => {
    const columns = [{ title: "N", alignment: "right" }, { title: "ID" }] as const;
    expect(
      await formatTable(columns, [
        ["1", "漢字"],
        ["22", "\t"],
      ]),
    ).toBe(" N  ID\n 1  漢字\n22  \\u{9}\n");
  });

  test("fits a table into the room there is, as far as its columns give way", async () => {
    const columns = [
      { title: "SIZE", alignment: "right", dispensable: 2 },
      { title: "OLDEST", dispensable: 1 },
      { title: "FOLDER", cut: "start" },
      { title: "WHY", cut: "end" },
      { title: "RUN" },
    ] as const;
    const rows = [["1 kB", "2026-01-02", "/home/me/a/long/folder", "for a long reason, too", "0123456789abcdef"]];
    const row = async (room?: number): Promise<string> => (await formatTable(columns, rows, room)).split("\n")[1] ?? "";
    const whole = "1 kB  2026-01-02  /home/me/a/long/folder  for a long reason, too  0123456789abcdef";
    expect([await row(), await row(whole.length)]).toEqual([whole, whole]);
    expect(await row(78)).toBe("1 kB  2026-01-02  …/me/a/long/folder  for a long reason, too  0123456789abcdef");
    expect(await row(70)).toBe("1 kB  2026-01-02  …long/folder  for a long reason, …  0123456789abcdef");
    expect(await row(61)).toBe("1 kB  …/long/folder  for a long reason, too  0123456789abcdef");
    expect(await row(49)).toBe("…long/folder  for a long reaso…  0123456789abcdef");
    expect(await row(44)).toBe("…long/folder  for a long …  0123456789abcdef");
    expect(await row(20)).toBe(await row(44));
  });

  test("never lets an id control the terminal", async () => {
    const cli = await newCli();
    const id = `${ESCAPE}[31mred`;
    await writeFiles(cli.folder, { [join("p", `${id}.jsonl`)]: transcript(2) });
    for (const words of [
      ["import", "p"],
      ["list"],
      ["pin", id],
      ["unpin", id],
      ["archive", id],
      ["sweep", "--dry-run"],
    ]) {
      const run = await cli.run(...words);
      expect(run.exitCode).toBe(0);
      expect(run.text + run.stderr).not.toContain(ESCAPE);
    }
  });
});

describe("pipes", () => {
  test("are written at the reader's pace", async () => {
    const waiting: (() => void)[] = [];
    const slow = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
    let isTaken = false;
    const write = writeTo(slow, "a").then(() => {
      isTaken = true;
    });
    await new Promise(setImmediate);
    expect(isTaken).toBe(false);
    waiting.shift()?.();
    await write;
    expect(isTaken).toBe(true);
  });

  test("that are closed fail a write with their own error, others with theirs", async () => {
    const failing = (code: string): Writable => {
      const stream = new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
      });
      return stream.on("error", () => {});
    };
    await expect(writeTo(failing("EPIPE"), "a")).rejects.toBeInstanceOf(ClosedPipe);
    await expect(writeTo(failing("ENOSPC"), "a")).rejects.toMatchObject({ code: "ENOSPC" });
    const destroyed = failing("x").destroy();
    await expect(writeTo(destroyed, "a")).rejects.toBeInstanceOf(ClosedPipe);
  });

  test("that the reader closes early end a command with 0", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "s.jsonl": transcript(20) });
    await cli.run("import", "s.jsonl");
    const closed = (): Writable =>
      new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error("broken"), { code: "EPIPE" })),
      }).on("error", () => {});
    for (const words of [["cat", "s"], ["list"], ["list", "--json"], ["cat", "s", "--json"]]) {
      const { exitCode, stderr } = await cli.runWith({ stdout: closed() }, ...words);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    }
  });
});
