/** What metadata says of archived files, where it can't be meant. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import type { Json, Meta } from "../../src/index.js";
import { makeSession, world } from "../support.js";

test("defect: an invalid generation in the metadata made a restore that never ended", async () => {
  for (const restoring of [null, "", 7, "x".repeat(2000)]) {
    const w = world();
    await makeSession(w, "s", "x\n");
    await w.archiver.archive("s");
    const object = await w.ports.objects.get("s");
    const [file] = (object?.meta[KEY.archiveFiles] ?? []) as Meta[];
    const wrong = { [KEY.archiveFiles]: [{ ...file, restoring }] as Json };
    await w.ports.objects.put("s", { ...object?.meta, ...wrong }, object?.version ?? "");
    await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
  }
});
