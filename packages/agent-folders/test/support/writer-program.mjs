/** A program that writes to a file in the ways that agents have. It does what each line on stdin says, and answers each. */
import {
  closeSync,
  existsSync,
  fstatSync,
  futimesSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createInterface } from "node:readline";

let descriptor;

const acts = {
  /** Opens, appends, closes. */
  append({ path, text }) {
    const opened = openSync(path, "a", 0o600);
    writeSync(opened, text);
    closeSync(opened);
  },
  open({ path, flags = "a" }) {
    descriptor = openSync(path, flags, 0o600);
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return `${dev}:${ino}`;
  },
  write({ text }) {
    writeSync(descriptor, text);
  },
  /** Changes bytes of the open file in place, and gives it its old mtime. */
  change({ text }) {
    const { atime, mtime } = fstatSync(descriptor);
    writeSync(descriptor, text, 0);
    futimesSync(descriptor, atime, mtime);
  },
  close() {
    closeSync(descriptor);
  },
  /** Reads all, and replaces the file by one that has a line more. */
  replace({ path, text }) {
    writeFileSync(`${path}.tmp`, contentOf(path) + text, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  },
  /** Replaces the file by what it has in memory. */
  overwrite({ path, text }) {
    writeFileSync(`${path}.tmp`, text, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  },
  /** The same, but it keeps the old file under another name. */
  exchange({ path, text }) {
    writeFileSync(`${path}.tmp`, text, { mode: 0o600 });
    if (existsSync(path)) renameSync(path, `${path}.bak`);
    renameSync(`${path}.tmp`, path);
  },
  /** Changes bytes in place, and gives the file its old mtime. Answers `absent` if there is no file. */
  rewrite({ path, text, keepMtime }) {
    let opened;
    try {
      opened = openSync(path, "r+");
    } catch {
      return "absent";
    }
    const { atime, mtime } = fstatSync(opened);
    writeSync(opened, text, 0);
    if (keepMtime) futimesSync(opened, atime, mtime);
    closeSync(opened);
    return "done";
  },
};

function contentOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...options } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(acts[act](options) ?? null)}\n`);
}
