/** Catalogues that a repair has set aside. */
import { dirname } from "node:path";
import { count } from "../output/text.js";
import type { FileSpec } from "../stores/spec.js";
import type { Finding } from "./finding.js";
import { named } from "./looker.js";
import { asideFolders, openAsides } from "./set-aside.js";

/** A rebuild was cut short after the old catalogue had been moved: its live sessions are only there. */
export async function* asideFindings(store: FileSpec): AsyncGenerator<Finding> {
  const open = await openAsides(store);
  for (const { path, reason } of open) {
    const message = `The catalogue that is kept as "${path}" was set aside (${reason}), and not all that can be read of it has been taken over.`;
    const remedy = "take over the rest: session-archiver rebuild";
    yield { kind: "catalogue-set-aside", severity: "damage", message, sessions: [], remedy };
  }
  const kept = (await asideFolders(store)).filter((folder) => open.every(({ path }) => dirname(path) !== folder));
  if (kept.length === 0) return;
  const message = `${count(kept.length, "catalogue")} that could not be used ${kept.length === 1 ? "is" : "are"} kept: ${named(kept)}. What could be read, and belongs here, was taken over.`;
  const remedy = "delete the folder once you miss nothing";
  yield { kind: "catalogue-kept", severity: "note", message, sessions: [], remedy };
}
