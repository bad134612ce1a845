/** Second copies, made by a sync program, of a database or of a session in plain files. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DATABASE_ENDINGS, type DoctorPlaces } from "./areas.js";
import { originalName, possibleNames } from "./copy-names.js";
import type { Finding } from "./finding.js";
import { type Looker, named, sessionsOf } from "./looker.js";
import { haveSameBytes } from "./same-bytes.js";
import { syncedBy } from "./synced.js";
import type { Entry } from "./walk.js";

const OF_A_SESSION = /^(?:(?:[^@]+\.)?session\.json|store\.json|[^@]+@[^@.]+\.(?:jsonl|blob|size))$/;

export function lookAtStoreCopies(places: DoctorPlaces): Looker {
  const databases: { readonly path: string; readonly isCertain: boolean }[] = [];
  const files: { readonly path: string; readonly original: string }[] = [];

  function seeDatabase({ area: { file = "" }, path, names: [name = ""] }: Entry): void {
    const own = [file, ...DATABASE_ENDINGS.map((ending) => file + ending)];
    const certain = originalName(name);
    if (certain !== undefined && own.includes(certain)) databases.push({ path, isCertain: true });
    else if (possibleNames(name).some((original) => own.includes(original))) databases.push({ path, isCertain: false });
  }

  function seeSession({ path, names }: Entry): void {
    const name = names.at(-1) ?? "";
    if (OF_A_SESSION.test(name) && !/[ (A-Z]/.test(name)) return;
    const certain = originalName(name);
    const originals = (certain === undefined ? possibleNames(name) : [certain])
      .filter((original) => OF_A_SESSION.test(original))
      .map((original) => join(dirname(path), original));
    const original = originals.find((one) => existsSync(one)) ?? originals[0];
    if (original !== undefined) files.push({ path, original });
  }

  return {
    see(entry) {
      if (!entry.stats.isFile()) return;
      if (entry.area.kind === "database" && entry.what === "other") seeDatabase(entry);
      if (entry.area.kind === "sessions") seeSession(entry);
    },
    async *findings() {
      // `sessions 2.db` may as well be a backup that somebody has made.
      const found: string[] = [];
      for (const { path, isCertain } of databases) {
        if (isCertain || (await syncedBy(path, places))) found.push(path);
      }
      if (found.length > 0) yield secondDatabase(found);
      if (files.length > 0) yield* secondFiles(files);
    },
  };
}

function secondDatabase(paths: readonly string[]): Finding {
  return {
    kind: "conflicted-copies",
    severity: "warning",
    message: `A sync program has made a second database: ${named(paths)}. Two machines have written to the catalogue, each to its own copy, and each copy knows sessions that the other doesn't.`,
    sessions: [],
    remedy:
      "keep both. Move the copy, with the files beside it, to a folder of its own and name it with --store sqlite:FILE; `list` shows what only it has, `export` takes it out, and `import` takes it into the other. Then move the catalogue out of the synced folder",
  };
}

async function* secondFiles(
  files: readonly { readonly path: string; readonly original: string }[],
): AsyncGenerator<Finding> {
  const same: string[] = [];
  const different: string[] = [];
  const alone: string[] = [];
  for (const { path, original } of files) {
    if (!existsSync(original)) alone.push(path);
    else ((await haveSameBytes(path, original).catch(() => false)) ? same : different).push(path);
  }
  const kind = "conflicted-copies";
  if (same.length > 0) {
    yield {
      ...{ kind, severity: "note", sessions: idsAt(same) },
      message: `A sync program has made second copies of sessions' files: ${named(same)}. Each is equal to its original, byte for byte.`,
      remedy: "delete the copies, if they are not to be kept",
    };
  }
  if (different.length > 0) {
    yield {
      ...{ kind, severity: "warning", sessions: idsAt(different) },
      message: `Two machines have changed the same sessions. A sync program has kept the other version beside the one in use: ${named(different)}. Nothing reads it there.`,
      remedy: "compare the two; `import` takes lines in that are missing here. Keep the copy until that is done",
    };
  }
  if (alone.length > 0) {
    yield {
      ...{ kind, severity: "damage", sessions: idsAt(alone) },
      message: `A sync program has renamed sessions' files, and no file has the original name any more: ${named(alone)}.`,
      remedy: "give each its name back by hand, while nothing uses the store",
    };
  }
}

/** The id is in the session's record; where that can't be read, the path has to do. */
function idsAt(paths: readonly string[]): readonly string[] {
  return sessionsOf(
    paths.map((path) =>
      recordsOf(path)
        .map(idIn)
        .find((id) => id !== undefined),
    ),
  );
}

/** A copy of a record is one itself. Those of blobs lie beside their directory, or in it, where older builds put them. */
function recordsOf(path: string): readonly string[] {
  if (!/@[^@]+\.(?:jsonl|blob|size)\b/.test(basename(path))) return [path];
  return [`${dirname(path)}.session.json`, join(dirname(path), "session.json")];
}

function idIn(record: string): string | undefined {
  try {
    const { id } = JSON.parse(readFileSync(record, "utf8")) as { id: unknown };
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
