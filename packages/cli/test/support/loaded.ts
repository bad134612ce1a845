/** Lists the modules that the built program loads. Needs a build. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const PACKAGE = new URL("../../", import.meta.url);
const BIN = fileURLToPath(new URL("bin/session-archiver.js", PACKAGE));

/** Runs before the program, and prints the URL of each loaded module, Node's own included. */
const HOOK = `
  import { registerHooks } from "node:module";
  import { writeSync } from "node:fs";
  registerHooks({
    load(url, context, next) {
      writeSync(2, "loaded " + url + "\\n");
      return next(url, context);
    },
  });`;

export interface Loaded {
  readonly status: number | null;
  readonly stdout: string;
  /** The modules in load order, such as `dist/main.js` and `node:fs`; modules outside the package by their full URL. */
  readonly modules: readonly string[];
}

export function loadedBy(cwd: string, ...words: readonly string[]): Loaded {
  return loadedAfter("", cwd, ...words);
}

/** `script` runs before it, in every thread. */
export function loadedAfter(script: string, cwd: string, ...words: readonly string[]): Loaded {
  const flag = `--import=data:text/javascript,${encodeURIComponent(`${HOOK}\n${script}`)}`;
  const stores = { SESSION_ARCHIVER_STORE: undefined, SESSION_ARCHIVER_ARCHIVES: undefined };
  const env = { ...process.env, ...stores, SESSION_ARCHIVER_HOME: "home" };
  const run = spawnSync(process.execPath, [flag, BIN, ...words], { cwd, env, encoding: "utf8" });
  const { status, stdout, stderr } = run;
  const urls = [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url = ""]) => url);
  const modules = urls.map((url) => (url.startsWith(PACKAGE.href) ? url.slice(PACKAGE.href.length) : url));
  return { status, stdout, modules };
}
