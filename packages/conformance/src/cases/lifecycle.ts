/** Whole round trips: a session through the archiver and back, on the adapter's ports. */
import type { BlobStore } from "@session-archiver/core/adapter";
import { sessionIdOf } from "@session-archiver/core/format";
import { about, type Case } from "../case.js";
import { offering } from "../subject.js";
import { check, equal, equalBytes, equalSets, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, concat, MIB, text, toBytes } from "../support/data.js";
import { archiveKeys, archiverOn, makeSession, readsAs, transcript } from "../support/session.js";

const test = about("Lifecycle");
const PORTS = ["objects", "blobs", "archives"] as const;

async function blobNames(blobs: BlobStore, id: string): Promise<string[]> {
  return (await all(blobs.list(id))).map((ref) => ref.key.name);
}

export const lifecycleCases: readonly Case[] = [
  test(PORTS, "a session is archived, read from the archive, and restored byte for byte", async (ports) => {
    const archiver = archiverOn(ports);
    const output = transcript(1.5 * MIB);
    await makeSession(ports, "s", output);
    await archiver.archive("s");
    equal(await blobNames(ports.blobs, "s"), [], "live blobs of the archived session");
    await readsAs(archiver, "s", output, "in the archive");
    const part = await toBytes(archiver.read("s", { range: { start: MIB, end: MIB + 1000 } }));
    equalBytes(part, output.subarray(MIB, MIB + 1000), "a range of the archived session");
    await archiver.verify("s");
    await archiver.restore("s");
    equal(await blobNames(ports.blobs, "s"), ["output"], "live blobs of the restored session");
    await readsAs(archiver, "s", output, "after the restore");
    equal((await ports.objects.get("s"))?.meta["title"], "kept", "the host's own metadata");
  }),

  test(PORTS, "a session that goes on after its archive loses neither part", async (ports) => {
    const archiver = archiverOn(ports);
    const first = transcript(MIB);
    await makeSession(ports, "s", first);
    await archiver.archive("s");
    let whole = first;
    for (const more of [" … finished\n", "another line\n"]) {
      const recorder = archiver.recorder("s");
      await recorder.append(more);
      await recorder.close();
      whole = concat([whole, text(more)]);
      await readsAs(archiver, "s", whole, "in the archive and after it");
      await archiver.archive("s");
      equal(await blobNames(ports.blobs, "s"), [], "live blobs once archived again");
      await readsAs(archiver, "s", whole, "in the new archive");
    }
    await archiver.restore("s");
    await readsAs(archiver, "s", whole, "after the restore");
  }),

  test(PORTS, "sidecars go with their session, and come back with it", async (ports) => {
    const archiver = archiverOn(ports);
    const named = { "../times": text("1\n2\n"), "tool results/1\0.txt": transcript(1000), empty: text("") };
    await makeSession(ports, "s", transcript(5000), named);
    await archiver.archive("s");
    equal(await blobNames(ports.blobs, "s"), [], "live blobs of the archived session");
    for (const [name, bytes] of Object.entries(named)) {
      equalBytes(await toBytes(archiver.read("s", { name })), bytes, `the archived "${name}"`);
    }
    await archiver.restore("s");
    equalSets(await blobNames(ports.blobs, "s"), ["output", ...Object.keys(named)], "live blobs");
    for (const [name, bytes] of Object.entries(named)) {
      equalBytes(await toBytes(archiver.read("s", { name })), bytes, `the restored "${name}"`);
    }
  }),

  test(PORTS, "sessions with troublesome ids don't get in each other's way", async (ports) => {
    const archiver = archiverOn(ports);
    const ids = ["../x", "a/b", "a", "A", "a\0b", "CON", "__proto__", "é", "e\u0301", "s.json", "x".repeat(900)];
    for (const [n, id] of ids.entries()) await makeSession(ports, id, transcript(2000, n + 1));
    const report = await archiver.sweep();
    equal([report.archivedCount, report.failedCount], [ids.length, 0], "sessions archived, and failed");
    for (const [n, id] of ids.entries()) await readsAs(archiver, id, transcript(2000, n + 1), "in the archive");
    for (const [n, id] of ids.entries()) {
      await archiver.restore(id);
      await readsAs(archiver, id, transcript(2000, n + 1), "after the restore");
    }
  }),

  test(PORTS, "prune can be undone while the bytes are there, and reads as PRUNED when they are not", async (ports) => {
    const archiver = archiverOn(ports);
    await makeSession(ports, "s", transcript(5000));
    await archiver.archive("s");
    await archiver.prune({ maxTotalBytes: 0, graceDays: 1 });
    await rejects("PRUNED", "read of a pruned session", () => toBytes(archiver.read("s")), { id: "s" });
    await archiver.undoPrune("s");
    await readsAs(archiver, "s", transcript(5000), "after the prune was undone");
    await archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
    equal(await archiveKeys(ports.archives), [], "what is left in the sink");
    await rejects("PRUNED", "read of a purged session", () => toBytes(archiver.read("s")), { id: "s" });
  }),

  test(PORTS, "gc deletes archives that are proven to be superfluous, and nothing else", async (ports) => {
    const archiver = archiverOn(ports);
    await makeSession(ports, "kept", transcript(5000));
    await archiver.archive("kept");
    await ports.archives.put("not the archiver's.gz", pieces(text("x"), 1));
    const needed = await archiveKeys(ports.archives);
    await makeSession(ports, "s", transcript(5000, 2));
    await archiver.archive("s");
    await archiver.restore("s");
    check(
      (await archiveKeys(ports.archives)).length > needed.length,
      "the restored session's archive must still be there.",
    );
    await archiver.gc({ graceDays: 0 });
    equalSets(await archiveKeys(ports.archives), needed, "what is left in the sink");
    await readsAs(archiver, "kept", transcript(5000), "after the collection");
    await readsAs(archiver, "s", transcript(5000, 2), "after the collection");
  }),

  test(PORTS, "a removed session leaves nothing, and no other loses anything", async (ports) => {
    const archiver = archiverOn(ports);
    for (const [n, id] of ["s", "s.t", "s/t"].entries()) {
      await makeSession(ports, id, transcript(5000, n + 1), { times: text("1\n") });
      await archiver.archive(id);
    }
    const others = (await archiveKeys(ports.archives)).filter((key) => sessionIdOf(key) !== "s");
    const recorder = archiver.recorder("s");
    await recorder.append("more\n");
    await recorder.close();
    await archiver.remove("s");
    equal(await ports.objects.get("s"), undefined, "the removed session's object");
    equal(await blobNames(ports.blobs, "s"), [], "the removed session's blobs");
    equalSets(await archiveKeys(ports.archives), others, "what is left in the sink");
    await readsAs(archiver, "s.t", transcript(5000, 2), "after the removal of another");
    await readsAs(archiver, "s/t", transcript(5000, 3), "after the removal of another");
  }),

  test(PORTS, "an archive that the catalogue does not know is never deleted unasked", async (ports) => {
    const archiver = archiverOn(ports);
    await makeSession(ports, "s", transcript(5000));
    await archiver.archive("s");
    const before = await ports.objects.get("s");
    const recorder = archiver.recorder("s");
    await recorder.append("more\n");
    await recorder.close();
    await archiver.archive("s");
    const known = await archiveKeys(ports.archives);
    const after = await ports.objects.get("s");
    await ports.objects.put("s", before?.meta ?? {}, after?.version ?? null);
    const report = await archiver.gc({ graceDays: 0 });
    equal([report.keys, report.unknown.count], [[], 2], "keys deleted, and objects unknown");
    equalSets(await archiveKeys(ports.archives), known, "what is left in the sink");
    check(report.refused !== null, "a gc beside an archive that its catalogue does not know must say that it refuses.");
  }),

  test([...PORTS, "reopen"], "an archived session and a resumed one survive a restart", async (subject) => {
    const before = archiverOn(subject);
    for (const id of ["archived", "resumed"]) {
      await makeSession(subject, id, transcript(50_000));
      await before.archive(id);
    }
    const recorder = before.recorder("resumed");
    await recorder.append("more");
    await recorder.close();
    const after = archiverOn(offering(await subject.reopen(), PORTS));
    await readsAs(after, "archived", transcript(50_000), "after the restart");
    await readsAs(after, "resumed", concat([transcript(50_000), text("more")]), "after the restart");
    await after.restore("archived");
    await after.archive("resumed");
    await readsAs(after, "archived", transcript(50_000), "restored after the restart");
    await readsAs(after, "resumed", concat([transcript(50_000), text("more")]), "archived after the restart");
  }),
];
