/** What takes files away as somebody might who has not thought of other programs. All cases but the plainest find it. */
import { bytesOf } from "@session-archiver/core";
import { createForeignArchive, type ForeignArchive } from "../../../agent-folders/test/support/foreign-archive.js";
import { simulatedForeignDisk } from "../../../agent-folders/test/support/foreign-disks.js";
import type { ForeignFiles, ForeignStep } from "../../src/index.js";

export interface Naive {
  /** What becomes of a file whose bytes are archived: it is unlinked, or copied aside first, or moved aside. */
  readonly takes: "unlinks" | "unlinks, then copies" | "moves";
  /** How a later run publishes what is aside: whether it writes the place itself, or makes a new file first. */
  readonly publishes: "in place" | "by rename";
}

const HELD = "aside";

export function naiveFiles({ takes, publishes }: Naive): ForeignFiles {
  const { root, files, writer } = simulatedForeignDisk();
  const archive: ForeignArchive = createForeignArchive();
  const full = (path: string): string => `${root}/${path}`;
  let count = 0;
  const aside = (path: string): string =>
    full(`${HELD}/${String(count++).padStart(4, "0")} ${encodeURIComponent(path)}`);
  const same = async (path: string): Promise<Uint8Array | undefined> => {
    const bytes = await writer.read(path);
    const archived = (await archive.versions(path)).at(-1);
    return bytes && archived && Buffer.compare(bytes, archived) === 0 ? bytes : undefined;
  };
  const takeOne = async (path: string, bytes: Uint8Array, step: ForeignStep): Promise<void> => {
    const to = aside(path);
    await files.makeFolder(full(HELD), 0o700);
    await step();
    if (takes === "moves") return void (await files.rename(full(path), to));
    await files.unlink(full(path));
    await step();
    if (takes === "unlinks, then copies") await files.write(to, bytesOf(bytes), { mode: 0o600 });
  };
  const heldParts = async (): Promise<readonly { path: string; name: string; bytes: Uint8Array }[]> => {
    const parts = [];
    for (const name of await files.list(full(HELD))) {
      const bytes = (await writer.read(`${HELD}/${name}`)) ?? new Uint8Array();
      parts.push({ path: decodeURIComponent(name.slice(5)), name: `${HELD}/${name}`, bytes });
    }
    return parts;
  };
  const publish = async (path: string, bytes: Uint8Array, step: ForeignStep): Promise<void> => {
    const to = publishes === "in place" ? full(path) : aside(path);
    if (publishes === "in place") await files.unlink(to);
    const half = bytes.length >> 1;
    const body = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, half);
      await step();
      yield bytes.subarray(half);
    };
    await files.write(to, body(), { mode: 0o600 });
    await step();
    if (publishes === "by rename") await files.rename(to, full(path));
  };
  const nothing = async (): Promise<void> => {};
  return {
    writer,
    archived: (path) => archive.versions(path),
    async archive(path) {
      const bytes = await writer.read(path);
      if (bytes) await archive.take(path, bytes);
    },
    async take(paths, step = nothing) {
      for (const path of paths) {
        await step();
        const bytes = await same(path);
        if (!bytes) return "conflict";
        await takeOne(path, bytes, step);
      }
      return takes === "unlinks" ? "freed" : "held";
    },
    async laterRun(hours, step = nothing) {
      if (hours < 1) return;
      const byPath = Map.groupBy(await heldParts(), ({ path }) => path);
      for (const [path, parts] of byPath) {
        const there = await writer.read(path);
        await step();
        const bytes = Buffer.concat([...parts.map((part) => part.bytes), there ?? new Uint8Array()]);
        for (const { name } of parts) await files.unlink(full(name));
        await step();
        if (there) await publish(path, bytes, step);
      }
    },
    async restore(path, step = nothing) {
      const bytes = (await archive.versions(path)).at(-1);
      if (bytes && !(await writer.read(path))) await publish(path, bytes, step);
    },
    async held() {
      return (await heldParts()).map(({ path, bytes }) => ({ path, bytes }));
    },
    showWriters: nothing,
  };
}
