/** Serves the built site as a static host would. Throws if it was built from other sources than the current ones. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { preview } from "vite";

const APP = fileURLToPath(new URL("../../..", import.meta.url));
/** A build given by this variable is served without that check. */
const OTHER = process.env["DEMO_WEB_DIST"];
const DIST = OTHER ?? join(APP, "dist");

export interface Site {
  /** Ends in a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves on a free port of localhost. */
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

/** Compares contents, not times: a build from a cache may be older than the sources that it matches. */
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
