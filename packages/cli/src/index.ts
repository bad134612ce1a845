export type {
  ErrorDocument,
  ListDocument,
  ListedSession,
  SessionDetails,
  ShownDocument,
  ShownMessage,
  ShownSession,
} from "./documents.js";
export type { CliIo } from "./io.js";
export { runCli } from "./run-cli.js";
