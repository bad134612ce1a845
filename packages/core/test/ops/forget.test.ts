/** Forgetting: of a session's content nothing stays in any store, and of every other session everything. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { quarantineKey } from "../../src/format/keys.js";
import { bytesOf, createArchiver, toBytes } from "../../src/index.js";
import { dieAt, unreachable } from "../faults.js";
import { encode, keysOf, makeSession, metaOf, NOW, readText, recordsOf, type World, world } from "../support.js";

/** Words that stand nowhere else, and must be gone afterwards. */
const SECRETS = [
  "zanzibar-prose",
  "zanzibar-title",
  "zanzibar-side",
  "zanzibar-more",
  "zanzibar-reason",
  "zanzibar-name",
];
const TEXT = '{"type":"user","message":"zanzibar-prose"}\n';
const OTHER = '{"type":"user","message":"other"}\n';

async function prepared(options = {}): Promise<World> {
  const w = world(options);
  await makeSession(w, "s", TEXT, { title: "zanzibar-title", "session:last_activity_ms": 1, "session:line_count": 1 });
  await w.ports.blobs.create({ id: "s", name: "zanzibar-name" }, "live-1", bytesOf(encode("zanzibar-side")));
  for (const id of ["other", "s.t"]) {
    await makeSession(w, id, OTHER, { title: id });
    await w.archiver.archive(id);
  }
  await w.archiver.pruneSession("other", { reason: "kept" });
  await w.archiver.undoPrune("other");
  return w;
}

/** Takes the session through all that leaves traces: merges, records with reasons, kept archives, versions. */
async function lived(options = {}): Promise<World> {
  const w = await prepared(options);
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s", { reason: "zanzibar-reason" });
  await w.archiver.undoPrune("s");
  await w.archiver.recorder("s").append("zanzibar-more\n");
  await w.archiver.restore("s", { keepArchive: true });
  await w.archiver.import("s", bytesOf(encode(`{"a":"zanzibar-prose"}\n${TEXT}`)));
  await w.archiver.archive("s");
  return w;
}

/** Everything in the stores as text, with archives unpacked. */
async function contentOf({ ports }: World): Promise<string> {
  const parts: string[] = [];
  for await (const object of ports.objects.list()) parts.push(JSON.stringify(object));
  for (const id of ["s", "other", "s.t"]) {
    for await (const blob of ports.blobs.list(id)) {
      parts.push(JSON.stringify(blob), new TextDecoder().decode(await toBytes(ports.blobs.read(blob))));
    }
  }
  for await (const { key } of ports.archives.list()) {
    const bytes = await toBytes(ports.archives.read(key));
    parts.push(key, new TextDecoder().decode(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes));
  }
  return parts.join("\n");
}

async function expectForgotten(w: World, isLive = false): Promise<void> {
  const content = await contentOf(w);
  expect(SECRETS.filter((secret) => content.includes(secret))).toEqual([]);
  expect(await Array.fromAsync(w.ports.blobs.list("s"))).toHaveLength(isLive ? 1 : 0);
  expect((await keysOf(w)).filter((key) => /\/s\.\d/.test(key))).toEqual([]);
  for (const id of ["other", "s.t"]) {
    expect(await readText(w, id)).toBe(OTHER);
    await w.archiver.verify(id);
  }
}

/** The whole tombstone. */
const TOMBSTONE = {
  view: "agent",
  "session:forgotten_at": NOW,
  "session:pruned_at": NOW,
  "session:prune_reason": "forgotten",
  "session:purged_at": NOW,
};

const STATES: Readonly<Record<string, (w: World) => Promise<unknown>>> = {
  live: async () => {},
  archived: (w) => w.archiver.archive("s"),
  resumed: async (w) => {
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append("zanzibar-more\n");
  },
  pruned: async (w) => {
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s", { reason: "zanzibar-reason" });
  },
  purged: async (w) => {
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s", { reason: "zanzibar-reason" });
    await w.archiver.prune({ graceDays: 0 });
  },
  pinned: (w) => w.archiver.pin("s", true),
  "half restored": async (w) => {
    await w.archiver.archive("s");
    const { put } = w.ports.objects;
    let puts = 0;
    w.ports.objects.put = (...args) => (puts++ === 0 ? put(...args) : unreachable());
    await expect(w.archiver.restore("s")).rejects.toThrow();
    w.ports.objects.put = put;
  },
  "half imported": async (w) => {
    await w.archiver.archive("s");
    const { create } = w.ports.blobs;
    w.ports.blobs.create = unreachable;
    await expect(w.archiver.import("s", bytesOf(encode("zanzibar-more\n")))).rejects.toThrow();
    w.ports.blobs.create = create;
  },
  "half removed": async (w) => {
    await w.archiver.archive("s");
    const remove = w.ports.archives.delete;
    w.ports.archives.delete = unreachable;
    await expect(w.archiver.remove("s")).rejects.toThrow();
    w.ports.archives.delete = remove;
  },
  "without an object": async (w) => {
    await w.archiver.archive("s");
    await w.ports.objects.delete("s", (await w.ports.objects.get("s"))?.version ?? "");
  },
  "in metadata that make no sense": async (w) => {
    await w.archiver.archive("s");
    const object = await w.ports.objects.get("s");
    const meta = { ...object?.meta, "session:archive_files": "nonsense" };
    await w.ports.objects.put("s", meta, object?.version ?? null);
  },
};

describe("forget", () => {
  test.each(Object.keys(STATES))("a session that is %s: only a bare tombstone is left", async (state) => {
    const w = await prepared();
    await STATES[state]?.(w);
    const plan = await w.archiver.forget("s", { dryRun: true });
    expect(await w.archiver.forget("s")).toEqual(plan);
    expect(plan.left).toEqual([]);
    await expectForgotten(w);
    expect(await metaOf(w)).toEqual(TOMBSTONE);
    expect(w.events.filter(({ type }) => type === "forgotten")).toHaveLength(1);
  });

  test("a session with a whole life: versions, kept archives, merges, records", async () => {
    const w = await lived();
    const before = await contentOf(w);
    expect(SECRETS.filter((secret) => !before.includes(secret))).toEqual([]);
    await w.archiver.forget("s");
    await expectForgotten(w);
    expect(await metaOf(w)).toEqual(TOMBSTONE);
  });

  test("the tombstone reads as pruned, says nothing, and can't be undone; it counts for nothing", async () => {
    const w = await lived();
    await w.archiver.forget("s");
    const info = await w.archiver.info("s");
    expect(info).toMatchObject({
      state: "pruned",
      pruneReason: "forgotten",
      forgottenAt: NOW,
      lost: null,
      facts: null,
    });
    expect(info).toMatchObject({ lineCount: 0, rawBytes: 0, totalBytes: 0, lastActivityMs: null, startedAt: null });
    await expect(toBytes(w.archiver.read("s"))).rejects.toMatchObject({ code: "PRUNED" });
    await expect(w.archiver.undoPrune("s")).rejects.toMatchObject({ code: "PRUNED" });
    expect((await Array.fromAsync(w.archiver.list())).map(({ id }) => id).sort()).toEqual(["other", "s", "s.t"]);
    expect(await w.archiver.prune({ maxTotalBytes: 1e9, graceDays: 0 })).toMatchObject({
      prunedCount: 0,
      purgedCount: 0,
    });
    expect((await w.archiver.verifyAll()).bad).toEqual([]);
    expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({ refused: null, unknown: { count: 0 } });
    await w.archiver.settle("s");
    await w.archiver.sweep();
    expect(await metaOf(w)).toEqual(TOMBSTONE);
  });

  test("objects of other stores and in the quarantine go as well", async () => {
    const w = await prepared();
    await w.archiver.archive("s");
    for (const key of (await keysOf(w)).filter((key) => /\/s\.\d/.test(key))) {
      const bytes = await toBytes(w.ports.archives.read(key));
      await w.ports.archives.put(key.replace(/^[0-9a-f]{12}/, "0123456789ab"), bytesOf(bytes));
      const once = quarantineKey(key) ?? "";
      await w.ports.archives.put(once, bytesOf(bytes));
      await w.ports.archives.put(quarantineKey(once) ?? "", bytesOf(bytes));
    }
    await w.archiver.forget("s");
    await expectForgotten(w);
  });

  test("a session whose object is damaged: all else goes, and the object is named", async () => {
    const w = await lived();
    const { get } = w.ports.objects;
    const damaged = Object.assign(new Error("damaged"), { code: "CORRUPT" });
    w.ports.objects.get = (id, op) => (id === "s" ? Promise.reject(damaged) : get(id, op));
    const { left } = await w.archiver.forget("s");
    expect(left).toEqual([{ key: undefined, reason: expect.stringContaining("by hand") }]);
    expect((await keysOf(w)).filter((key) => /\/s\.\d/.test(key))).toEqual([]);
  });

  test("NOT_FOUND if there is nothing of such a session, unless a tombstone is asked for", async () => {
    const w = await prepared();
    await expect(w.archiver.forget("none")).rejects.toMatchObject({ code: "NOT_FOUND", id: "none" });
    await w.archiver.forget("none", { evenIfUnknown: true });
    expect(await w.archiver.info("none")).toMatchObject({ state: "pruned", forgottenAt: NOW });
  });

  test("may be repeated: it takes away what others have left since", async () => {
    const w = await prepared();
    await w.archiver.archive("s");
    const [key = ""] = (await keysOf(w)).filter((one) => /\/s\.\d/.test(one));
    const bytes = await toBytes(w.ports.archives.read(key));
    await w.archiver.forget("s");
    await w.ports.archives.put(key, bytesOf(bytes));
    await w.ports.blobs.create({ id: "s", name: "output" }, "restored-late", bytesOf(encode("zanzibar-prose")));
    w.now += 1000;
    expect(await w.archiver.forget("s")).toMatchObject({ archiveBytesFreed: bytes.length });
    await expectForgotten(w);
    expect(await metaOf(w)).toEqual(TOMBSTONE);
    expect(await w.archiver.forget("s")).toMatchObject({ archiveBytesFreed: 0, liveBytesFreed: 0 });
  });

  test("cut short at any write, the session is as before or counts as gone, and anything finishes it", async () => {
    for (let stop = 1; ; stop++) {
      const w = await lived();
      const before = await readText(w, "s");
      const revive = dieAt(w, stop);
      const done = await w.archiver.forget("s").then(
        () => true,
        () => false,
      );
      const isOver = !revive();
      const meta = await metaOf(w);
      if (meta["session:removing_at"] !== undefined) {
        expect(
          Object.keys(meta)
            .filter((key) => !/^session:(removing|settling|forgotten)_at$/.test(key))
            .sort(),
        ).toEqual(["session:given_up", "view"]);
        await expect(w.archiver.info("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
        const another = createArchiver({ ...w.ports, now: () => NOW });
        if (stop % 4 === 0) await another.gc({ graceDays: 0 });
        else if (stop % 4 === 1) await another.sweep();
        else if (stop % 4 === 2) await another.forget("s");
        else expect(await another.import("s", bytesOf(encode(before)))).toMatchObject({ outcome: "forgotten" });
      } else if (!done) {
        expect(await readText(w, "s")).toBe(before);
        await w.archiver.forget("s");
      }
      await expectForgotten(w);
      expect([stop, await metaOf(w)]).toEqual([stop, TOMBSTONE]);
      if (isOver) break;
      expect(stop).toBeLessThan(100);
    }
  });
});

describe("after it", () => {
  test("an import does not bring the session back, until the tombstone is taken away", async () => {
    const w = await lived();
    await w.archiver.forget("s");
    const source = () => bytesOf(encode(`${TEXT}${TEXT}${TEXT}`));
    expect(await w.archiver.import("s", source())).toMatchObject({ outcome: "forgotten", rawBytes: 0, addedBytes: 0 });
    await expectForgotten(w);
    expect(await metaOf(w)).toEqual(TOMBSTONE);
    await w.archiver.undoForget("s");
    await expect(w.archiver.info("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await w.archiver.import("s", source())).toMatchObject({ outcome: "created" });
    await expect(w.archiver.undoForget("s")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(w.archiver.undoForget("none")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await readText(w, "s")).toBe(TEXT.repeat(3));
  });

  test("remove takes the tombstone away, also where forgetting was cut short", async () => {
    for (const stop of [Number.POSITIVE_INFINITY, 4]) {
      const w = await lived();
      const revive = dieAt(w, stop);
      await w.archiver.forget("s").catch(() => {});
      revive();
      await w.archiver.remove("s");
      expect(await w.ports.objects.get("s")).toBeUndefined();
      await expectForgotten(w);
    }
  });

  test.each([undefined, { title: "new" }])(
    "new output makes it live again, with nothing of before: %s",
    async (create) => {
      const w = await lived();
      await w.archiver.forget("s");
      {
        await using recorder = w.archiver.recorder("s", { create });
        await recorder.append("new\n");
      }
      expect(await readText(w, "s")).toBe("new\n");
      const info = await w.archiver.info("s");
      expect(info).toMatchObject({ state: "live", lost: null, forgottenAt: null, prunedAt: null, lineCount: 1 });
      expect(info.meta["title"]).toBe(create?.title);
      expect(await w.archiver.import("s", bytesOf(encode("new\nmore\n")))).toMatchObject({ outcome: "appended" });
      await expectForgotten(w, true);
    },
  );
});

test("a session that lives again is pruned and taken up again like any other", async () => {
  const w = await prepared();
  await w.archiver.forget("s");
  await w.archiver.recorder("s").append("new\n");
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  await w.archiver.prune({ graceDays: 0 });
  expect(await w.archiver.info("s")).toMatchObject({ state: "pruned", forgottenAt: null, lost: { bytes: 4 } });
  expect(await w.archiver.import("s", bytesOf(encode("new\nmore\n")))).toMatchObject({ outcome: "revived" });
});

describe("beside it", () => {
  test("output that arrives between the look at a blob and its end goes as well", async () => {
    const w = await prepared();
    const { delete: remove } = w.ports.blobs;
    w.ports.blobs.delete = async (at, op) => {
      w.ports.blobs.delete = remove;
      await w.ports.blobs.append(at, encode("zanzibar-more\n"));
      return remove(at, op);
    };
    await w.archiver.forget("s");
    await expectForgotten(w);
  });

  test("a recorder that has yet to write its count writes nothing into the tombstone", async () => {
    const w = await prepared();
    const recorder = w.archiver.recorder("s", { statsEveryMs: 1e9 });
    await recorder.append("zanzibar-more\n");
    await w.archiver.forget("s");
    w.now += 1000;
    await recorder.flush();
    expect(await metaOf(w)).toEqual(TOMBSTONE);
    await recorder.append("new\n");
    await recorder.close();
    expect(await readText(w, "s")).toBe("new\n");
  });

  test.each(["append", "restore", "import", "archive"])("an %s under way leaves nothing behind", async (what) => {
    const w = await prepared();
    if (what !== "archive" && what !== "import") await w.archiver.archive("s");
    if (what === "import") await w.archiver.remove("s");
    const { create } = w.ports.blobs;
    const { put } = w.ports.archives;
    let made = 0;
    const forget = async (): Promise<void> => {
      w.ports.blobs.create = create;
      w.ports.archives.put = put;
      await w.archiver.forget("s");
    };
    if (what === "archive") {
      w.ports.archives.put = async (...args) => {
        await forget();
        return put(...args);
      };
    } else {
      w.ports.blobs.create = async (...args) => {
        const bytes = await toBytes(args[2]);
        // A restore makes two blobs: the archive of the second one must have been read as well.
        if (what !== "restore" || ++made === 2) await forget();
        return create(args[0], args[1], bytesOf(bytes));
      };
    }
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      append: () => w.archiver.recorder("s").append("zanzibar-more\n"),
      restore: () => w.archiver.restore("s"),
      import: () => w.archiver.import("s", bytesOf(encode(TEXT))),
      archive: () => w.archiver.archive("s"),
    };
    const outcome = await calls[what]?.().catch((error: unknown) => error);
    if (what === "import") expect(outcome).toMatchObject({ outcome: "forgotten" });
    else expect(outcome).toMatchObject({ code: expect.stringMatching(/^(NOT_FOUND|PRUNED|CONFLICT)$/) });
    await expectForgotten(w);
    expect(await recordsOf(w)).not.toEqual([]);
  });
});
