/** Runs a module in a page of a real Chromium. */
import { launchChromium } from "@session-archiver/test-kit/chromium";
import { build } from "vite";

/** The test itself answers requests to this address, so there is no network. It is secure, so that every web API works. */
const ORIGIN = "https://snippet.test/";
const PAGE = `<!doctype html><script type="module">
  addEventListener("unhandledrejection", ({ reason }) => tell(String(reason?.stack ?? reason)));
  import("./bundle.js").then(() => tell("done"), (error) => tell(String(error?.stack ?? error)));
</script>`;

/** Bundles the module with its imports and loads it; rejects if it throws or leaves a rejection unhandled. */
export async function runInChromium(file: string): Promise<void> {
  const code = await bundle(file);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.route(`${ORIGIN}**`, (route) =>
      route.request().url().endsWith("/bundle.js")
        ? route.fulfill({ contentType: "text/javascript", body: code })
        : route.fulfill({ contentType: "text/html", body: PAGE }),
    );
    const told = Promise.withResolvers<string>();
    await page.exposeFunction("tell", told.resolve);
    page.on("pageerror", told.reject);
    await page.goto(ORIGIN);
    const outcome = await told.promise;
    if (outcome !== "done") throw new Error(outcome);
  } finally {
    await browser.close();
  }
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
