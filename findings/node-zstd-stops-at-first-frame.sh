#!/usr/bin/env bash
# Node 24.9.0: zlib.zstdDecompressSync, and a stream of zlib.createZstdDecompress, return only the first of two zstd frames, and
# ignore the rest of the input without an error; `zstd -d` and Node 26.10.0 return both. A `.jsonl.zst` grows by appended
# frames, and Codex resumes a rollout that has several.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund old@npm:node@24.9.0 new@npm:node@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { Readable } from "node:stream";
import { createZstdDecompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const lines = ['{"type":"user","text":"hello"}\n', '{"type":"assistant","text":"well"}\n'];
const frames = Buffer.concat(lines.map((line) => zstdCompressSync(line)));
const streamed = [];
for await (const chunk of Readable.from([frames]).pipe(createZstdDecompress())) streamed.push(chunk);
const count = (bytes) => bytes.toString().split("\n").length - 1;
console.log(`${count(zstdDecompressSync(frames))} ${count(Buffer.concat(streamed))}`);
JS
binary() { find "node_modules/$1" -path '*bin/node' -type f | head -1; }
old=$("$(binary old)" try.mjs)
new=$("$(binary new)" try.mjs)
echo "lines of two, at once and streamed: Node 24.9.0 gives $old, Node 26.10.0 gives $new"
[ "$old" = "1 1" ] && [ "$new" = "2 2" ]
