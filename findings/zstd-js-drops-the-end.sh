#!/usr/bin/env bash
# @oneidentity/zstd-js 1.0.3: ZstdSimple.decompress drops the last 18 bytes of frames that other programs wrote.
# zstd 1.5 made the frame below from five equal lines of a transcript, 155 bytes, with their size in its header.
# Seen: 137 bytes and no error; fzstd 0.1.1 returns all 155.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts --no-audit --no-fund @oneidentity/zstd-js@1.0.3 fzstd@0.1.1 >> npm.log
cat > try.mjs <<'JS'
import { ZstdInit } from "@oneidentity/zstd-js";
import { decompress } from "fzstd";

const frame = Buffer.from("KLUv/SCbNQEA+HsidHlwZSI6InVzZXIiLCJ0ZXh0IjoiaGVsbG8ifQoBAGeRKic=", "base64");
const text = '{"type":"user","text":"hello"}\n'.repeat(5);
const { ZstdSimple } = await ZstdInit();
const theirs = Buffer.from(ZstdSimple.decompress(new Uint8Array(frame))).toString();
const others = Buffer.from(decompress(new Uint8Array(frame))).toString();
console.log(`zstd-js: ${theirs.length} of ${text.length} bytes; fzstd: ${others.length}`);
process.exit(others === text && theirs === text.slice(0, -18) ? 0 : 1);
JS
node try.mjs
