#!/usr/bin/env node
// An older Node could not even load the program. So this file imports nothing before it has looked, and keeps to what every
// Node that knows modules can read. The version is that of "engines" in package.json.
const { node } = process.versions;
const [major, minor] = node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  import("../dist/main.js");
} else {
  process.stderr.write(`session-archiver needs Node 22.13 or later; this is ${node}.\n`);
  process.exitCode = 2;
}
