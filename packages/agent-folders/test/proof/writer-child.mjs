/**
 * Writes to a file until it is killed: `writer-child.mjs <kind> <file> <log> <life>`. The log gets each line's name before and after
 * it is written: `try life-1`, `done life-1`.
 */
import {
  closeSync,
  fstatSync,
  futimesSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";

const [kind, path, logPath, life] = process.argv.slice(2);
/** A life that is not ended leaves a file of a size that is quickly read. */
const LINES_MAX = 60;
const SLOT_WIDTH = 20;
const log = openSync(logPath, "a");
const note = (text) => writeSync(log, `${text}\n`);
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3);

function existing(flags) {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

const writers = {
  /** Opens, appends, closes each time. Makes a file where there is none. */
  w1: () => (line) => {
    const file = openSync(path, "a", 0o600);
    writeSync(file, line);
    closeSync(file);
    return true;
  },
  /** Holds the file open, and writes on wherever it is moved. Does nothing where there is none. */
  w2: () => {
    const file = existing("r+");
    if (file === undefined) return undefined;
    closeSync(file);
    const kept = openSync(path, "a", 0o600);
    return (line) => writeSync(kept, line) > 0;
  },
  /** Replaces the file by what it has in memory, with a line more. Does nothing where there is none at its start. */
  w3: () => {
    const file = existing("r");
    if (file === undefined) return undefined;
    let content = readFileSync(file, "utf8");
    closeSync(file);
    return (line) => {
      content += line;
      writeFileSync(`${path}.tmp`, content, { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
      return true;
    };
  },
  /** Changes the second line in place, and every other time gives the file its old time. */
  w4: () => (_line, name, number) => {
    const file = existing("r+");
    if (file === undefined) return false;
    const { atime, mtime } = fstatSync(file);
    const start = readFileSync(file, "utf8").indexOf('"slot":"');
    if (start >= 0) writeSync(file, name.padEnd(SLOT_WIDTH), start + '"slot":"'.length);
    if (number % 2 === 0) futimesSync(file, atime, mtime);
    closeSync(file);
    return start >= 0;
  },
};

const write = writers[kind]();
for (let number = 1; write !== undefined && number <= LINES_MAX; number++) {
  const name = `${life}-${number}`;
  note(`try ${name}`);
  if (write(`{"type":"line","name":"${name}"}\n`, name, number)) note(`done ${name}`);
  pause();
}
// What it holds open stays so until it is killed.
setInterval(() => process.ppid === 1 && process.exit(), 500);
