export type { SessionDetails } from "./commands/info.js";
export type { ListedSession } from "./commands/list.js";
export type { ErrorDocument } from "./exit.js";
export type { CliIo } from "./io.js";
export { runCli } from "./run-cli.js";
