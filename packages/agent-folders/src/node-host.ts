/** What the operations need, on this machine. */
import { randomBytes } from "node:crypto";
import type { Archiver } from "@session-archiver/core";
import { ArchiverError } from "@session-archiver/core";
import { claimRule } from "./claim/rule.js";
import { nodeFiles } from "./files/node-files.js";
import type { Files } from "./files.js";
import type { FolderHost } from "./host.js";
import { placeOf } from "./place.js";
import { sourceNamed } from "./registry.js";
import type { Env, Place } from "./source.js";
import { isDenied } from "./walk/deny-list.js";
import { whyNotFreed } from "./writers/why-not-freed.js";
import { writersBelow } from "./writers/writers-below.js";

export interface NodeHostOptions {
  readonly archiver: Archiver;
  readonly files?: Files | undefined;
  /** By default the process's. */
  readonly env?: Env | undefined;
  /** Unix ms. */
  readonly now?: (() => number) | undefined;
  /**
   * Why nothing in this place may be freed; `undefined`: it may. By default: on systems where this was not tried, and on
   * file systems that other machines share.
   */
  readonly mayFree?: ((place: Place) => Promise<string | undefined>) | undefined;
}

export function nodeFolderHost(options: NodeHostOptions): FolderHost {
  const { archiver, files = nodeFiles(), env = process.env, now = Date.now, mayFree = whyNotFreed } = options;
  const check = writersBelow();
  return {
    ...{ archiver, files, env, isDenied, rule: claimRule },
    now,
    randomId: () => randomBytes(8).toString("hex"),
    check,
    async mayFree(place) {
      for (const { path } of place.roots) check.add(path);
      return mayFree(place);
    },
    async placeOf(name, home) {
      const source = sourceNamed(name);
      if (!source) throw new ArchiverError("NOT_FOUND", `There is no source "${name}": register it first.`);
      const place = await placeOf(source, home, files, env);
      for (const { path } of place.roots) check.add(path);
      return place;
    },
  };
}
