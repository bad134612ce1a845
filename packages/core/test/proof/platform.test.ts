/** Archives are plain gzip to those who know nothing of us: Node's streams, gzip itself, and Chromium. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { launchChromium } from "@session-archiver/test-kit/chromium";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toBytes } from "../../src/index.js";
import { jsonl, makeSession, world } from "../support.js";

async function sessions(): Promise<Map<string, Uint8Array>> {
  const generated = [jsonl(1), jsonl(20_000), "no line end", `${"x".repeat(3_000_000)}\n`, "\n", "\u0000\u0000\n"];
  const all = new Map<string, Uint8Array>(generated.map((text, i) => [`generated-${i}`, Buffer.from(text)]));
  if (!hasCorpus) return all;
  for (const path of await corpusFiles()) {
    const bytes = readFileSync(`${CORPUS}/${path}`);
    if (bytes.length > 0) all.set(path, bytes);
  }
  return all;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

if (!hasCorpus) console.warn(`Generated sessions only: ${NO_CORPUS}`);

describe("every archive", { timeout: 300_000 }, () => {
  const archives = new Map<string, { raw: Uint8Array; archive: Uint8Array }>();
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    for (const [id, raw] of await sessions()) {
      const w = world();
      await makeSession(w, id, raw);
      await w.archiver.archive(id);
      const path = String((await w.ports.objects.get(id))?.meta["session:archive_path"]);
      archives.set(id, { raw, archive: await toBytes(w.ports.archives.read(path)) });
    }
    server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const found = archives.get(url.searchParams.get("id") ?? "");
      const encoded = url.pathname === "/encoded";
      response.setHeader("content-type", found ? "application/octet-stream" : "text/html");
      if (encoded) response.setHeader("content-encoding", "gzip");
      response.end(found?.archive);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test("is read by gzip", () => {
    for (const [id, { raw, archive }] of archives) {
      expect(sha256(execFileSync("gzip", ["-dc"], { input: archive, maxBuffer: 2 ** 30 })), id).toBe(sha256(raw));
    }
  });

  test("is read by Node's DecompressionStream", async () => {
    for (const [id, { raw, archive }] of archives) {
      const body = new Response(Buffer.from(archive)).body?.pipeThrough(new DecompressionStream("gzip"));
      expect(sha256(new Uint8Array(await new Response(body).arrayBuffer())), id).toBe(sha256(raw));
    }
  });

  test("is read by Chromium's DecompressionStream, and as a response with Content-Encoding: gzip", async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const found = await page.evaluate(`(async () => {
      const digest = async (bytes) =>
        [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
      const results = {};
      for (const id of ${JSON.stringify([...archives.keys()])}) {
        const query = "?id=" + encodeURIComponent(id);
        const plain = (await fetch("/plain" + query)).body.pipeThrough(new DecompressionStream("gzip"));
        const encoded = await fetch("/encoded" + query);
        results[id] = [await digest(await new Response(plain).arrayBuffer()), await digest(await encoded.arrayBuffer())];
      }
      return results;
    })()`);
    const expected = Object.fromEntries([...archives].map(([id, { raw }]) => [id, [sha256(raw), sha256(raw)]]));
    expect(found).toEqual(expected);
  });
});
