/** The entry of the command: runs it and ends the process, even if the adapter left something open. */
import { main } from "./command.js";

const code = await main(process.argv.slice(2), { print: console.log, printError: console.error });
process.stdout.write("", () => process.exit(code));
