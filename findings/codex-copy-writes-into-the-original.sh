#!/usr/bin/env bash
# Codex 0.169.0: in a copy of a CODEX_HOME, `codex exec resume <id>` writes the turn into the original's rollout, because
# state_5.sqlite holds absolute paths; the copy's rollout stays as it was. Without the databases, which Codex builds again from
# the rollouts, the copy works on its own files. A model on loopback answers.
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
mkdir -p original work
cat > original/config.toml <<TOML
model = "stub"
model_provider = "stub"
check_for_update_on_startup = false
[model_providers.stub]
name = "stub"
base_url = "http://127.0.0.1:$port/v1"
wire_api = "responses"
TOML
codex() { (cd work && HOME="$folder" CODEX_HOME="$folder/$1" ../node_modules/.bin/codex exec "${@:2}" > ../codex.log 2>&1 < /dev/null); }
rollout() { find "$1/sessions" -name '*.jsonl'; }
turns() { grep -c '"type":"task_complete"' "$(rollout "$1")"; }

codex original --skip-git-repo-check "first"
id=$(rollout original | grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
cp -a original copy
cp -a original without
rm without/*.sqlite*
codex copy resume --skip-git-repo-check "$id" "second"
echo "turns after a resume in the copy: original $(turns original), copy $(turns copy)"
[ "$(turns original) $(turns copy)" = "2 1" ]
codex without resume --skip-git-repo-check "$id" "second"
echo "turns after a resume in a copy without databases: original $(turns original), copy $(turns without)"
[ "$(turns original) $(turns without)" = "2 2" ]
