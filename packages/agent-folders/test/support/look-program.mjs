/** Prints who has the file open that its arguments name, and why the pass proves nothing, if so. It may run as another user. */
import { nodeFiles } from "../../src/files/node-files.ts";
import { linuxWriters } from "../../src/writers/linux.ts";
import { lookAtProcesses } from "../../src/writers/pass.ts";
import { systemProc } from "../../src/writers/proc.ts";

const [root = "", path = ""] = process.argv.slice(2);
const look = await nodeFiles().look(path);
const found = await linuxWriters({ root }).writers(look, {});
const { blind } = await lookAtProcesses(systemProc, { platform: "linux", pid: process.pid, uid: process.geteuid() });
process.stdout.write(JSON.stringify({ found, blind }));
