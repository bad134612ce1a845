/** Lists the sink session by session, in the memory of a 256th part of it: keys are spread over folders by session. */
import type { Context } from "../../context.js";
import { folderNumber, folderPrefixes, parseKey } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { addTo } from "./add-to.js";
import type { Share } from "./past.js";

/** All objects in the sink under one session's keys. */
export interface Group {
  readonly id: string;
  readonly infos: readonly ArchiveInfo[];
}

/** The sink's sessions, by the folders that they lie in. */
export interface Groups {
  of(share: Share): AsyncGenerator<Group>;
}

/** Keys of this store, of stores without an id, and of version 0.1. The last have no folders: they are held as a whole. */
export async function groupsIn(ctx: Context, store: string | undefined, op: OpOptions): Promise<Groups> {
  const old = new Map<string, ArchiveInfo[]>();
  const used = new Set<string>();
  const prefixOf = (key: string): string => key.slice(0, key.indexOf("/", key.indexOf("/") + 1) + 1);
  for await (const info of ctx.archives.list(undefined, op)) {
    const parsed = parseKey(info.key);
    if (!parsed) continue;
    if (folderPrefixes(parsed.id, store).includes(prefixOf(info.key))) used.add(prefixOf(info.key));
    else if (parsed.store === undefined) addTo(old, parsed.id, info);
  }
  const numberOf = (prefix: string): number => Number.parseInt(prefix.slice(prefix.indexOf("/") + 1), 16);
  return {
    async *of({ from, to }) {
      const isIn = (folder: number): boolean => folder >= from && folder < to;
      const folders = [...new Set([...used].map(numberOf).filter(isIn))].sort((a, b) => a - b);
      for (const folder of folders) {
        const sessions = new Map<string, ArchiveInfo[]>();
        for (const prefix of [...used].filter((one) => numberOf(one) === folder)) {
          for await (const info of ctx.archives.list(prefix, op)) {
            const parsed = parseKey(info.key);
            if (parsed) addTo(sessions, parsed.id, info);
          }
        }
        for (const [id, infos] of sessions) {
          yield { id, infos: [...infos, ...(old.get(id) ?? [])] };
          old.delete(id);
        }
      }
      for (const [id, infos] of old) if (isIn(folderNumber(id))) yield { id, infos };
    },
  };
}
