/** The transcript view in a real Chromium: built once from its sources, and served from memory. */
import { fileURLToPath } from "node:url";
import { launchChromium } from "@session-archiver/test-kit/machine";
import type { Page } from "playwright";
import { build } from "vite";
import { test as base } from "vitest";
import { watchForProblems } from "../../e2e/support/problems.ts";
import type { Setting } from "./harness.tsx";

const HARNESS = fileURLToPath(new URL("harness.tsx", import.meta.url));
const CORE = fileURLToPath(new URL("../../../../../packages/core/src/index.ts", import.meta.url));
const ORIGIN = "https://view.test/";
const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css", woff2: "font/woff2" };
/** As strict as the app's own. */
const POLICY = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'";

type Files = ReadonlyMap<string, string | Uint8Array>;

async function buildHarness(): Promise<Files> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    base: "./",
    resolve: { alias: { "@session-archiver/core": CORE } },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      target: "es2024",
      minify: false,
      rolldownOptions: { input: HARNESS, output: { entryFileNames: "main.js", assetFileNames: "[name][extname]" } },
    },
  });
  const outputs = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  return new Map(outputs.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]));
}

const page = (files: Files): string => {
  const styles = [...files.keys()].filter((name) => name.endsWith(".css"));
  const links = styles.map((name) => `<link rel="stylesheet" href="${name}">`).join("");
  return `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>View</title>${links}<body><script type="module" src="main.js"></script></body></html>`;
};

export interface View {
  readonly page: Page;
  /** Addresses that were asked for outside the site itself. */
  readonly foreign: readonly string[];
}

export const test = base
  .extend("files", { scope: "worker" }, () => buildHarness())
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures a function needs from its pattern
  .extend("browser", { scope: "worker" }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  /** Opens a transcript. The test fails by anything on the page's console. */
  .extend(
    "open",
    ({ browser, files }, { onCleanup }) =>
      async (setting: Partial<Setting>, width = 900): Promise<View> => {
        const context = await browser.newContext({ viewport: { width, height: 700 } });
        context.setDefaultTimeout(15_000);
        const problems = watchForProblems(context);
        onCleanup(async () => {
          await context.close();
          problems.check();
        });
        const foreign: string[] = [];
        await context.route("**/*", (route) => {
          const url = route.request().url();
          if (!url.startsWith(ORIGIN)) {
            foreign.push(url);
            return route.abort();
          }
          const name = url.slice(ORIGIN.length);
          const body = name === "" ? page(files) : files.get(name);
          if (body === undefined) return route.fulfill({ status: name === "favicon.ico" ? 204 : 404 });
          const contentType =
            name === "" ? "text/html" : (TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream");
          return route.fulfill({ body: typeof body === "string" ? body : Buffer.from(body), contentType });
        });
        const whole: Setting = { texts: [], lineCount: 0, kind: "claude-code", maxChars: 262_144, ...setting };
        await context.addInitScript((given) => {
          window.setting = given;
        }, whole);
        const opened = await context.newPage();
        await opened.goto(ORIGIN);
        return { page: opened, foreign };
      },
  );
