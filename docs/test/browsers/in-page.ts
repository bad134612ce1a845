/** Runs a module in a page of a real browser. */
import type { DrivenBrowser } from "@session-archiver/test-kit/browsers";
import { build } from "vite";
import { servePage } from "./serve.js";

const PAGE = `<!doctype html><title>snippet</title><script type="module">
  const tell = (body) => fetch("/", { method: "POST", body });
  addEventListener("unhandledrejection", ({ reason }) => tell(String(reason?.stack ?? reason)));
  addEventListener("error", ({ message }) => tell(message));
  import("./bundle.js").then(() => tell("done"), (error) => tell(String(error) + String(error?.stack)));
</script>`;

/** Bundles the module with its imports and loads it; rejects if it throws or leaves a rejection unhandled. */
export async function runInPage(browser: DrivenBrowser, file: string): Promise<void> {
  // An origin of its own: nothing is there that another module has stored.
  await using served = await servePage(PAGE, { "bundle.js": await bundle(file) });
  const page = await browser.newPage();
  await page.goto(served.url);
  const outcome = await served.told;
  await page.close();
  if (outcome !== "done") throw new Error(outcome);
}

async function bundle(file: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, target: "es2024", lib: { entry: file, formats: ["es"], fileName: "bundle" } },
  });
  const [output] = [built].flat();
  const chunk = output && "output" in output ? output.output[0] : undefined;
  if (!chunk) throw new Error(`The bundle of ${file} is empty.`);
  return chunk.code;
}
