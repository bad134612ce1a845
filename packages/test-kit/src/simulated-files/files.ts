/** `Files` on a simulated disk, for one process. */

import { ArchiverError, type Bytes } from "@session-archiver/core";
import type { FileLook, Files, OpenFile } from "./file-types.js";
import { closeFor, type Inode, writeAt } from "./inode.js";
import type { DiskParts } from "./parts.js";

export interface FilesProcess {
  readonly id: number;
  /** Waits until the call may continue. Rejects or never resolves if the process has died. */
  step(call: keyof Files | "read" | "close"): Promise<void>;
  /** Bytes of each chunk that is read. Default 64 KiB. */
  readonly chunk?: number | undefined;
}

const BLOCK_BYTES = 4096;
const NS_OF_MS = "000000";

export function filesOn({ names, time, create, forget }: DiskParts, { id, step, chunk = 65_536 }: FilesProcess): Files {
  const isBelow = (path: string): boolean => names.find(path.slice(0, path.lastIndexOf("/")))?.kind === "folder";
  return {
    async look(path) {
      await step("look");
      const inode = names.find(path);
      return inode && lookOf(inode);
    },
    async open(path) {
      await step("open");
      const inode = names.find(path);
      if (!inode) return undefined;
      if (inode.kind !== "file") throw new ArchiverError("CONFLICT", `"${path}" is not a plain file.`);
      inode.openBy.push(id);
      return openFile(inode);
    },
    async list(folder) {
      await step("list");
      return [...(names.find(folder)?.entries.keys() ?? [])].sort();
    },
    async makeFolder(path, mode) {
      await step("makeFolder");
      for (let slash = path.indexOf("/", 1); ; slash = path.indexOf("/", slash + 1)) {
        const part = slash === -1 ? path : path.slice(0, slash);
        const there = names.find(part);
        if (there && there.kind !== "folder") throw new ArchiverError("UNAVAILABLE", `"${part}" is no folder.`);
        if (!there) addFolder(part, mode);
        if (slash === -1) return;
      }
    },
    async rename(from, to) {
      await step("rename");
      const inode = names.find(from);
      if (!inode) return false;
      names.move(names.spot(from), names.spot(to));
      inode.ctimeMs = time();
      return true;
    },
    async link(from, to) {
      await step("link");
      const inode = names.find(from);
      if (names.find(to)) return false;
      if (!inode) throw new ArchiverError("UNAVAILABLE", `There is no "${from}" to give a second name.`);
      names.add(names.spot(to), inode);
      inode.ctimeMs = time();
      return true;
    },
    async unlink(path) {
      await step("unlink");
      const inode = names.find(path);
      if (!inode) return false;
      if (inode.kind === "folder") throw new ArchiverError("UNAVAILABLE", `"${path}" is a folder.`);
      inode.ctimeMs = time();
      names.remove(names.spot(path));
      return true;
    },
    async removeFolder(path) {
      await step("removeFolder");
      const inode = names.find(path);
      if (inode?.kind !== "folder" || inode.entries.size > 0) return false;
      const spot = names.spot(path);
      for (const each of [inode, spot.folder]) names.sync(each);
      names.remove(spot);
      names.sync(spot.folder);
      return true;
    },
    async write(path, body, { mode, mtimeMs }) {
      await step("write");
      if (names.find(path)) throw new ArchiverError("CONFLICT", `There is something at "${path}" already.`);
      const inode = create("file", mode);
      names.add(names.spot(path), inode);
      inode.openBy.push(id);
      try {
        for await (const bytes of body) {
          await step("write");
          writeAt(inode, inode.bytes.length, bytes, time());
        }
        if (mtimeMs !== undefined) inode.mtimeMs = mtimeMs;
      } finally {
        closeFor(inode, id);
        forget(inode);
      }
    },
    async sync(folder) {
      await step("sync");
      const inode = names.find(folder);
      if (inode) names.sync(inode);
      else if (!isBelow(folder)) throw new ArchiverError("UNAVAILABLE", `There is no folder "${folder}".`);
    },
  };

  function addFolder(path: string, mode: number): void {
    const spot = names.spot(path);
    names.add(spot, create("folder", mode));
    names.sync(spot.folder);
  }

  function openFile(inode: Inode): OpenFile {
    let isOpen = true;
    return {
      async look() {
        await step("look");
        return lookOf(inode);
      },
      async *read({ start, end } = { start: 0 }): Bytes {
        for (let at = start; ; at += chunk) {
          await step("read");
          const stop = Math.min(at + chunk, end ?? Number.POSITIVE_INFINITY);
          const bytes = inode.bytes.slice(at, Math.max(at, stop));
          if (bytes.length > 0) yield bytes;
          if (bytes.length < chunk) return;
        }
      },
      async close() {
        if (!isOpen) return;
        isOpen = false;
        closeFor(inode, id);
        forget(inode);
      },
    };
  }
}

function lookOf(inode: Inode): FileLook {
  return {
    kind: inode.kind,
    size: inode.bytes.length,
    identity: `1:${inode.number}`,
    mtimeNs: `${inode.mtimeMs}${NS_OF_MS}`,
    ctimeNs: `${inode.ctimeMs}${NS_OF_MS}`,
    links: inode.names,
    mode: inode.mode,
    owner: inode.owner,
    diskBytes: Math.ceil(inode.bytes.length / BLOCK_BYTES) * BLOCK_BYTES,
  };
}
