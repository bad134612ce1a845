#!/usr/bin/env bash
# Codex 0.140.0 resumes a thread that 0.169.0 has written, without a word, and appends records that lack the running "ordinal". From
# then on 0.169.0 refuses the thread: "final paginated rollout record … is missing an ordinal". Nothing of it is lost: with running
# ordinals, 0.169.0 resumes it, and the model sees the turns of both releases. The model here is a stub on loopback.
set -euo pipefail
folder=$(mktemp -d)
trap '[ -z "${stub:-}" ] || kill "$stub"; rm -rf "$folder"' EXIT
cd "$folder"
for version in 0.140.0 0.169.0; do
  mkdir "$version"
  npm install --prefix "$version" --no-audit --no-fund --ignore-scripts "@openai/codex@$version" > npm.log 2>&1
done
cat > stub.mjs <<'JS'
import { createServer } from "node:http";
import { appendFileSync, writeFileSync } from "node:fs";

const item = { type: "message", id: "m", role: "assistant", status: "completed", content: [{ type: "output_text", text: "ok", annotations: [] }] };
const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: 1, output_tokens_details: null, total_tokens: 2 };
const events = [
  { type: "response.created", response: { id: "r" } },
  { type: "response.output_item.done", output_index: 0, item },
  { type: "response.completed", response: { id: "r", output: [item], usage } },
];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (bytes) => { body += bytes; }).on("end", () => {
    if (request.method !== "POST") return response.end('{"object":"list","data":[],"models":[]}');
    appendFileSync("requests", `${body.replaceAll("\n", " ")}\n`);
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
mkdir home work
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
codex() { # version, arguments
  (cd work && "../$1/node_modules/.bin/codex" exec "${@:2}" --skip-git-repo-check < /dev/null 2>&1) || true
}
codex 0.169.0 "first turn" > 1.log
rollout=$(find home/sessions -name 'rollout-*.jsonl')
id=$(basename "$rollout" .jsonl | tail -c 37)
codex 0.140.0 resume "$id" "second turn" > 2.log
with=$(grep -c '"ordinal":' "$rollout")
without=$(grep -vc '"ordinal":' "$rollout")
echo "records with an ordinal: $with, then without: $without"
refusal=$(codex 0.169.0 resume "$id" "third turn" | grep -om 1 'is missing an ordinal' || echo "no refusal")
echo "0.169.0 resumes it: $refusal"
awk '!/"ordinal":/ { sub(/^\{/, "{\"ordinal\":" NR - 1 ",") } { print }' "$rollout" > numbered
cp numbered "$rollout"
codex 0.169.0 resume "$id" "third turn" > 4.log
seen=$(tail -n 1 requests | grep -oE '(first|second|third) turn' | sort -u | tr '\n' ' ')
echo "with running ordinals, the model sees: $seen"
[ "$with" -gt 0 ] && [ "$without" -gt 0 ] && [ "$refusal" = "is missing an ordinal" ] && [ "$seen" = "first turn second turn third turn " ]
