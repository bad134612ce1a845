/** The dates and bytes in plans, prunes and lists, and until when a prune can be undone. */
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { bytesOf, OUTPUT } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import type { ListedSession } from "../src/index.js";
import { formatSize } from "../src/output/sizes.js";
import { formatTime, undoText } from "../src/output/times.js";
import { type Cli, newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { DAY_MS, transcript, writeFiles } from "./support/sessions.js";

const OLD = Date.UTC(2026, 0, 1);
const NOW = Date.UTC(2026, 10, 28);
const at = (days: number) => ({ now: () => NOW + days * DAY_MS });

/** `a` was active first and archived last. */
async function archivedCli(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/a.jsonl": transcript(100, OLD), "p/b.jsonl": transcript(200, OLD + DAY_MS) });
  await cli.run("import", "p");
  await cli.runWith(at(-20), "archive", "b");
  await cli.runWith(at(-10), "archive", "a");
  return cli;
}

async function listed(cli: Cli, id: string): Promise<ListedSession> {
  const all = await listAll(cli);
  return all.find((session) => session.id === id) as ListedSession;
}

/** The cells of the table's rows, its head included. */
function cells(text: string): readonly (readonly string[])[] {
  const table = text.slice(0, text.indexOf("\n\n"));
  return table.split("\n").map((row) => row.trim().split(/ {2,}/));
}

const HEAD = ["STEP", "LAST ACTIVITY", "BYTES", "REASON", "ID"];

describe("a dry run", () => {
  test("of a sweep shows the date and the bytes of every step", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "p/a.jsonl": transcript(100, OLD),
      "p/b.jsonl": transcript(200, OLD + DAY_MS),
      "p/c.jsonl": transcript(300, OLD + 2 * DAY_MS),
      "p/d.jsonl": transcript(5, OLD + 3 * DAY_MS),
    });
    await cli.run("import", "p");
    await cli.runWith(at(-20), "archive", "b", "c");
    await cli.runWith(at(0), "restore", "c");
    await cli.run("pin", "d");
    const run = await cli.runWith(at(0), "sweep", "--max-total-bytes", "0", "--dry-run");
    const [head, ...rows] = cells(run.text);
    const { totalBytes, rawBytes } = await listed(cli, "b");
    // Estimated from the archive of "b".
    const estimated = Math.round(transcript(100).length * (totalBytes / rawBytes));
    expect(head).toEqual(HEAD);
    expect(new Set(rows.map((row) => row.join("|")))).toEqual(
      new Set([
        `archive|${formatTime(OLD)}|${formatSize(transcript(100).length)}|idle|a`,
        `skip|${formatTime(OLD + 2 * DAY_MS)}|-|restored|c`,
        `skip|${formatTime(OLD + 3 * DAY_MS)}|-|pinned|d`,
        `prune|${formatTime(OLD + DAY_MS)}|${formatSize(totalBytes)}|archives over the byte cap|b`,
        `prune|${formatTime(OLD)}|${formatSize(estimated)}|archives over the byte cap|a`,
      ]),
    );
    expect(run.text).toContain(`Pruned      2 sessions: can be undone until ${formatTime(NOW + 7 * DAY_MS)}`);
    expect(run.text).not.toContain("Purged");
  });

  test("of a prune uses the last activity, or the time of archiving on request", async () => {
    const cli = await archivedCli();
    const { totalBytes: a } = await listed(cli, "a");
    const { totalBytes: b } = await listed(cli, "b");
    const cap = ["--max-total-bytes", String(Math.max(a, b))];
    const over = "archives over the byte cap";
    const byActivity = await cli.runWith(at(0), "prune", ...cap, "--dry-run");
    expect(cells(byActivity.text)).toEqual([HEAD, ["prune", formatTime(OLD), formatSize(a), over, "a"]]);
    const byArchived = await cli.runWith(at(0), "prune", ...cap, "--by", "archived", "--dry-run");
    const reason = `${over}, archived ${formatTime(NOW - 20 * DAY_MS)}`;
    expect(cells(byArchived.text)).toEqual([HEAD, ["prune", formatTime(OLD + DAY_MS), formatSize(b), reason, "b"]]);
    const swept = await cli.runWith(at(0), "sweep", ...cap, "--by", "archived", "--dry-run", "--json");
    expect(swept.json()).toMatchObject({ plan: [{ id: "b", action: "prune" }] });
    const daysOld = (NOW - OLD) / DAY_MS;
    const aged = await cli.runWith(at(0), "prune", "--older-than", String(daysOld - 0.5), "--dry-run", "--json");
    expect(aged.json()).toMatchObject({ prunedCount: 1, plan: [{ id: "a", reason: "no activity for too long" }] });
  });

  test("of a purge says when the tombstone was set", async () => {
    const cli = await archivedCli();
    await cli.runWith(at(0), "prune", "--older-than", String((NOW - OLD) / DAY_MS - 0.5));
    const { totalBytes } = await listed(cli, "a");
    const run = await cli.runWith(at(8), "prune", "--dry-run");
    const reason = `grace period over, pruned ${formatTime(NOW)}`;
    expect(cells(run.text)).toEqual([HEAD, ["purge", formatTime(OLD), formatSize(totalBytes), reason, "a"]]);
    expect(run.text).toContain(`Purged      1 session: ${formatSize(totalBytes)} of archives freed, for good`);
    expect(run.text).not.toContain("Pruned");
  });
});

describe("until when a prune can be undone", () => {
  test("is shown by the prune and by lists, and respected by later prunes", async () => {
    const cli = await archivedCli();
    const until = NOW + 14 * DAY_MS;
    const pruned = await cli.runWith(at(0), "prune", "--max-total-bytes", "0", "--grace", "14");
    expect(pruned.text).toBe(`Pruned      2 sessions: can be undone until ${formatTime(until)}, with \`undo-prune\`\n`);
    expect(pruned.stderr).toContain(`pruned a: archives over the byte cap; can be undone until ${formatTime(until)}\n`);
    expect((await cli.runWith(at(8), "list")).text).toMatch(/^pruned 6d .* a$/m);
    expect((await cli.run("list", "--wide")).text).toMatch(
      new RegExp(`^pruned, can be undone until ${formatTime(until)} .* a$`, "m"),
    );
    expect(await listed(cli, "a")).toMatchObject({ state: "pruned", undoableUntil: until });
    expect((await cli.runWith(at(13.9), "prune", "--json")).json()).toMatchObject({ purgedCount: 0 });
    await cli.run("undo-prune", "a");
    expect(await listed(cli, "a")).toMatchObject({ state: "archived", undoableUntil: null });
    const purged = await cli.runWith(at(14), "prune");
    expect(purged.text).toMatch(/^Purged {6}1 session: .* of archives freed, for good\n$/);
    expect(await listed(cli, "b")).toMatchObject({ state: "pruned", undoableUntil: null });
    expect((await cli.run("list")).text).toMatch(/^pruned {2}.* b$/m);
  });

  test("is a week by default, also for a sweep's prunes; a given grace period counts from now", async () => {
    const cli = await archivedCli();
    const swept = await cli.runWith(at(0), "sweep", "--max-total-bytes", "0");
    expect(swept.text).toContain(`Pruned      2 sessions: can be undone until ${formatTime(NOW + 7 * DAY_MS)}`);
    expect(await listed(cli, "a")).toMatchObject({ undoableUntil: NOW + 7 * DAY_MS });
    expect((await cli.runWith(at(6), "prune", "--json")).json()).toMatchObject({ purgedCount: 0 });
    expect((await cli.runWith(at(6), "prune", "--grace", "5", "--json")).json()).toMatchObject({ purgedCount: 2 });
  });

  test("is not promised if the bytes are deleted at once", async () => {
    const cli = await archivedCli();
    const run = await cli.runWith(at(0), "prune", "--max-total-bytes", "0", "--grace", "0");
    expect(run.text).toMatch(/^Pruned {6}2 sessions\nPurged {6}2 sessions: .* of archives freed, for good\n$/);
    expect(run.stderr).not.toContain("undone");
  });

  test("is described in words if no date can express it", async () => {
    const cli = await archivedCli();
    const run = await cli.runWith(at(0), "prune", "--max-total-bytes", "0", "--grace", "1000000000000");
    expect(run.text).toContain("Pruned      2 sessions: can be undone, with");
    expect(undoText(null)).toBe("can be undone");
  });
});

test("a restored session is left alone by sweeps for a day", async () => {
  const cli = await archivedCli();
  await cli.runWith(at(0), "restore", "a");
  expect((await cli.runWith(at(0.9), "sweep", "--json")).json()).toMatchObject({ archivedCount: 0, skippedCount: 1 });
  expect((await cli.runWith(at(1), "sweep", "--json")).json()).toMatchObject({ archivedCount: 1, skippedCount: 0 });
});

test("new output for a session that was pruned or purged is reported", async () => {
  const cli = await archivedCli();
  const writeTo = async (id: string): Promise<void> => {
    await using store = await openSqlite(join(cli.folder, "home/sessions.db"));
    await store.blobs.create({ id, name: OUTPUT }, "live-2", bytesOf(new TextEncoder().encode("{}\n")));
  };
  await cli.runWith(at(0), "prune", "--max-total-bytes", "0");
  await writeTo("a");
  const pruned = await cli.runWith(at(1), "archive", "a");
  expect(pruned.stderr).toContain("new output: a was pruned, and is in use again\n");
  await cli.runWith(at(2), "prune", "--max-total-bytes", "0", "--grace", "0");
  await writeTo("b");
  const purged = await cli.runWith(at(3), "archive", "b");
  const lost = `the ${formatSize(transcript(200).length)} it held before are lost`;
  expect(purged.stderr).toContain(`new output: b was pruned, and is in use again; ${lost}\n`);
});
