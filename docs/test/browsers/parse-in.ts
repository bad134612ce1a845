/** Lets a browser that is installed on this machine say which modules it can parse. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface InstalledBrowser {
  readonly name: string;
  readonly path: string | undefined;
  /** The command that shows the page, with its data in the folder. */
  readonly command: (path: string, folder: string, url: string) => readonly string[];
}

export const INSTALLED_BROWSERS: readonly InstalledBrowser[] = [
  {
    name: "Firefox",
    path: ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => existsSync(path)),
    command: (path, folder, url) => [path, "--headless", "--no-remote", "--profile", folder, url],
  },
  {
    name: "WebKitGTK",
    path: existsSync("/usr/bin/xvfb-run") ? globSync("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")[0] : undefined,
    command: (path, _, url) => ["xvfb-run", "--auto-servernum", path, "--private", url],
  },
];

/** Nothing of the modules is run: what they import first can't be loaded, which shows only once they have been parsed. */
const PAGE = `<!doctype html><script type="module">
  const outcomes = [];
  for (const code of await (await fetch("modules")).json()) {
    const url = URL.createObjectURL(new Blob(['import "data:text/css,";' + code], { type: "text/javascript" }));
    outcomes.push(await import(url).then(() => "ran", (error) => error.name));
  }
  await fetch("outcomes", { method: "POST", body: JSON.stringify(outcomes) });
</script>`;

/** For each module the name of its error: `SyntaxError` if the browser can't parse it. */
export async function parseIn(browser: InstalledBrowser, modules: readonly string[]): Promise<readonly string[]> {
  const told = Promise.withResolvers<readonly string[]>();
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", request.url === "/" ? "text/html" : "application/json");
    response.end(await answer(request, modules, told.resolve));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const folder = mkdtempSync(join(tmpdir(), "session-archiver-browser-"));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const [command = "", ...args] = browser.command(browser.path ?? "", folder, url);
  // In a group of its own, as it starts further processes.
  const child = spawn(command, args, { stdio: "ignore", detached: true, env: { ...process.env, HOME: folder } });
  const exited = once(child, "exit").then(() =>
    told.reject(new Error(`${browser.name} ended before it had an answer.`)),
  );
  try {
    return await told.promise;
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await exited;
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function answer(
  request: IncomingMessage,
  modules: readonly string[],
  tell: (outcomes: readonly string[]) => void,
): Promise<string> {
  if (request.url === "/") return PAGE;
  if (request.url === "/modules") return JSON.stringify(modules);
  if (request.url === "/outcomes") tell(JSON.parse(await text(request)));
  return "{}";
}
