#!/usr/bin/env bash
# zstddec 0.3.4: for a frame whose header does not have the content's size, ZSTDDecoder.decode returns about 16 MB of wrong
# bytes, without an error. For the same content with its size in the header it returns the right 155 bytes.
# Node's zstd streams, and `zstd` reading from a pipe, write frames without a size. fzstd 0.1.1 reads both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts --no-audit --no-fund zstddec@0.3.4 fzstd@0.1.1 >> npm.log
cat > try.mjs <<'JS'
import { decompress } from "fzstd";
import { ZSTDDecoder } from "zstddec";

const rest = "NQEA+HsidHlwZSI6InVzZXIiLCJ0ZXh0IjoiaGVsbG8ifQoBAGeRKic=";
const bytesOf = (start) => new Uint8Array(Buffer.from(start + rest, "base64"));
const sized = bytesOf("KLUv/SCb");
const unsized = bytesOf("KLUv/QBY");
const text = '{"type":"user","text":"hello"}\n'.repeat(5);
const decoder = new ZSTDDecoder();
await decoder.init();
const [first, second] = [sized, unsized].map((frame) => decoder.decode(frame));
const others = [sized, unsized].map((frame) => Buffer.from(decompress(frame)).toString());
console.log(`with a size: ${first.length} bytes, without: ${second.length}, of ${text.length}; fzstd: ${others.map((one) => one.length)}`);
const isRight = (bytes) => Buffer.from(bytes).toString() === text;
process.exit(isRight(first) && !isRight(second) && others.every((one) => one === text) ? 0 : 1);
JS
node try.mjs
