#!/usr/bin/env bash
# Claude Code 2.1.328: `claude --resume <id>` finds a session whose transcript lies in any project's folder. If a second file of this
# id lies in another project's folder, such as a copy that was restored to where the project was before, it finds neither: exit code 1,
# "No conversation found with session ID", which does not name the two. A model on loopback answers.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$model" 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts @anthropic-ai/claude-code@2.1.328 >> npm.log 2>&1
cat > model.mjs <<'JS'
import { createServer } from "node:http";

const usage = { input_tokens: 1, output_tokens: 1 };
const message = { id: "m", type: "message", role: "assistant", model: "stub", content: [], stop_reason: null, usage };
const events = [
  { type: "message_start", message },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ok" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage },
  { type: "message_stop" },
];
const server = createServer((request, response) => {
  response.setHeader("content-type", "text/event-stream");
  request.resume().on("end", () => {
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
JS
mkfifo port
node model.mjs > port &
model=$!
read -r port < port
mkdir first second third
export HOME="$folder" ANTHROPIC_BASE_URL="http://127.0.0.1:$port" ANTHROPIC_API_KEY=none
export DISABLE_AUTOUPDATER=1 CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
unset CLAUDE_CONFIG_DIR
claude() { (cd "$1" && ../node_modules/@anthropic-ai/claude-code-linux-x64/claude -p "${@:2}" < /dev/null 2>&1) || true; }

claude first "hello" > claude.log
claude second "hello" >> claude.log
transcript=$(find .claude/projects/*first -name '*.jsonl')
id=$(basename "$transcript" .jsonl)
one=$(claude third "again" --resume "$id")
cp "$transcript" .claude/projects/*second
two=$(claude third "again" --resume "$id")
echo "resumed in a third folder, one file: $one"
echo "the same with two files: $two"
[ "$one" = "ok" ] && [[ "$two" == "No conversation found with session ID"* ]]
