/** The last look before live bytes are deleted. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { type Archiver, toBytes } from "../../src/index.js";
import { encode, makeSession, world } from "../support.js";

test("defect: metadata alone could make live bytes be deleted for an archive that is not there", async () => {
  const forge = async (operation: (archiver: Archiver) => Promise<unknown>): Promise<void> => {
    const w = world();
    await makeSession(w, "s", "all there is\n");
    const object = await w.ports.objects.get("s");
    const path = `s.20260101t000000000z-0123456789abcdef.jsonl.gz`;
    const sizes = { liveBytes: 13, bytes: 13, storedBytes: 40, crc32: 1, lines: 1 };
    const files = [{ name: "output", path, generation: `live-s`, ...sizes }];
    const meta = { ...object?.meta, [KEY.archivedAt]: 1, [KEY.archiveFiles]: files, [KEY.settlingAt]: 1 };
    await w.ports.objects.put("s", meta, object?.version ?? "");
    await expect(operation(w.archiver)).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    const left = await w.ports.blobs.stat({ id: "s", name: "output" });
    expect(left && (await toBytes(w.ports.blobs.read(left)))).toEqual(encode("all there is\n"));
  };
  await forge((archiver) => archiver.settle("s"));
  await forge((archiver) => archiver.archive("s"));
  await forge((archiver) => archiver.restore("s"));
  await forge((archiver) => archiver.pruneSession("s"));
});
