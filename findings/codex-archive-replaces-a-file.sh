#!/usr/bin/env bash
# Codex 0.169.0: `codex archive` renames a thread's file to archived_sessions/<the same name>. If a file of this name lies there already,
# such as a copy that was put back from a backup, it is replaced without a word, whatever it holds. The model here is a stub on loopback.
set -euo pipefail
folder=$(mktemp -d)
trap '[ -z "${stub:-}" ] || kill "$stub"; rm -rf "$folder"' EXIT
cd "$folder"
npm install --no-audit --no-fund --ignore-scripts @openai/codex@0.169.0 > npm.log 2>&1
cat > stub.mjs <<'JS'
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";

const item = { type: "message", id: "m", role: "assistant", status: "completed", content: [{ type: "output_text", text: "ok", annotations: [] }] };
const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: 1, output_tokens_details: null, total_tokens: 2 };
const events = [
  { type: "response.created", response: { id: "r" } },
  { type: "response.output_item.done", output_index: 0, item },
  { type: "response.completed", response: { id: "r", output: [item], usage } },
];
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    if (request.method !== "POST") return response.end('{"object":"list","data":[],"models":[]}');
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => writeFileSync("port", String(server.address().port)));
JS
mkfifo port
node stub.mjs &
stub=$!
port=$(cat port)
export CODEX_HOME="$folder/home"
mkdir -p home/archived_sessions work
cat > home/config.toml <<TOML
model = "stub"
model_provider = "stub"
approval_policy = "never"
sandbox_mode = "read-only"
[model_providers.stub]
name = "stub"
base_url = "http://127.0.0.1:$port/v1"
wire_api = "responses"
TOML
codex() { (cd work && ../node_modules/.bin/codex "$@" < /dev/null) > codex.log 2>&1; }
codex exec --skip-git-repo-check "first turn"
rollout=$(find home/sessions -name 'rollout-*.jsonl')
name=$(basename "$rollout")
id=$(basename "$name" .jsonl | tail -c 37)
cp "$rollout" "home/archived_sessions/$name"
printf '%s\n' '{"timestamp":"2026-01-01T00:00:00.000Z","ordinal":99,"type":"event_msg","payload":{"type":"warning","message":"only here"}}' \
  >> "home/archived_sessions/$name"
files() { { grep -l 'only here' -r home/archived_sessions home/sessions || true; } | wc -l; }
before=$(files)
codex archive "$id" && ended=0 || ended=$?
after=$(files)
echo "codex archive ends with $ended; files that hold the words: before $before, after $after"
[ "$ended" = 0 ] && [ "$before" = 1 ] && [ "$after" = 0 ]
