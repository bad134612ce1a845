#!/usr/bin/env bash
# Codex 0.169.0: `codex exec fork <id>` copies no history. The fork's first line names the parent and a number of its bytes, and
# without the parent's rollout a resume of the fork fails: "missing source rollout". With the parent back, it works. So a session
# that looks finished may not be taken away, as long as it has a fork. A model on loopback answers.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$model" 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts @openai/codex@0.169.0 >> npm.log 2>&1
cat > model.mjs <<'JS'
import { createServer } from "node:http";

const item = { type: "message", role: "assistant", id: "m", content: [{ type: "output_text", text: "ok", annotations: [] }] };
const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
const events = [
  { type: "response.created", response: { id: "r" } },
  { type: "response.output_item.done", output_index: 0, item },
  { type: "response.completed", response: { id: "r", output: [item], usage } },
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
mkdir -p home work
cat > home/config.toml <<TOML
model = "stub"
model_provider = "stub"
check_for_update_on_startup = false
[model_providers.stub]
name = "stub"
base_url = "http://127.0.0.1:$port/v1"
wire_api = "responses"
TOML
codex() { (cd work && HOME="$folder" CODEX_HOME="$folder/home" ../node_modules/.bin/codex exec "$@" < /dev/null 2>&1); }
ids() { find home/sessions -name '*.jsonl' | grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' | sort; }

codex --skip-git-repo-check "first" > codex.log
parent=$(ids)
codex fork --skip-git-repo-check "$parent" "a fork" >> codex.log
fork=$(ids | grep -v "$parent")
rollout=$(find home/sessions -name "*$parent.jsonl")
mv "$rollout" away
without=$(codex resume --skip-git-repo-check "$fork" "again" | grep -o 'missing source rollout' | head -1 || true)
mv away "$rollout"
with=$(codex resume --skip-git-repo-check "$fork" "again" | tail -1)
echo "the fork, resumed without its parent's file: ${without:-no error}"
echo "with it: $with"
[ "$without" = "missing source rollout" ] && [ "$with" = "ok" ]
