/** The built site, served as any static host would; refused if it isn't built from the sources as they are now. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { preview } from "vite";

const APP = fileURLToPath(new URL("../../..", import.meta.url));
/** Another build than the usual one is served as it is. */
const OTHER = process.env["DEMO_WEB_DIST"];
const DIST = OTHER ?? join(APP, "dist");

export interface Site {
  /** Ends in a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** On a free port of this machine only. */
export async function serveBuiltSite(): Promise<Site> {
  if (OTHER === undefined) await checkIsBuilt();
  const server = await preview({
    root: APP,
    logLevel: "error",
    build: { outDir: DIST },
    preview: { host: "127.0.0.1", port: 0, open: false },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("The built site can't be served.");
  return { url, close: () => server.close() };
}

/** By content, not by time: a build out of a cache may be older than the sources it is equal to. */
async function checkIsBuilt(): Promise<void> {
  if (!existsSync(join(DIST, "index.html"))) throw new Error("The site isn't built. Run `npm run build` first.");
  const maps = (await readdir(DIST, { recursive: true })).filter((name) => name.endsWith(".js.map"));
  const checked = await Promise.all(maps.map((name) => staleSources(join(DIST, name))));
  if (!checked.some(({ known }) => known > 0)) throw new Error("The built site has no source maps to check it by.");
  const stale = checked.flatMap(({ stale }) => stale);
  if (stale.length === 0) return;
  const names = [...new Set(stale.map((path) => relative(APP, path)))].slice(0, 3).join(", ");
  throw new Error(`The built site is older than the sources (${names}). Run \`npm run build\` first.`);
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

async function staleSources(mapPath: string): Promise<{ readonly known: number; readonly stale: readonly string[] }> {
  const map = JSON.parse(await readFile(mapPath, "utf8")) as SourceMap;
  const stale: string[] = [];
  let known = 0;
  for (const [index, source] of map.sources.entries()) {
    const content = map.sourcesContent?.[index];
    const path = resolve(dirname(mapPath), source);
    if (content == null || !path.startsWith(APP) || path.includes("node_modules")) continue;
    known++;
    const now = await readFile(path, "utf8").catch(() => undefined);
    if (now !== content) stale.push(path);
  }
  return { known, stale };
}
