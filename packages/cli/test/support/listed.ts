/** What `list` says of all sessions, empty ones and those of subagents too. */
import type { ListDocument, ListedSession } from "../../src/index.js";
import type { Cli } from "./cli.js";

export async function listAll(cli: Pick<Cli, "run">): Promise<readonly ListedSession[]> {
  return (await cli.run("list", "--all", "--json")).json<ListDocument>().sessions;
}
