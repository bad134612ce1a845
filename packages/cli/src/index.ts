export type * from "./documents.js";
export type { CliIo } from "./io.js";
export { runCli } from "./run-cli.js";
