/** Lists a store as a user without special rights: `list-child.ts <directory> <whether to give up being root> [read-only]`. */
import { openFs } from "@session-archiver/adapter-fs";
import { codeOf } from "@session-archiver/core";

const [directory = "", isRoot = "", access = ""] = process.argv.slice(2);
if (isRoot === "true") {
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
const skipped: Error[] = [];
await using store = openFs(directory, {
  onSkipped: (error) => skipped.push(error),
  readOnly: access === "read-only",
});
const listed = (await Array.fromAsync(store.objects.list())).map(({ id }) => id);
const got = await store.objects.get("no-file").catch((error: unknown) => codeOf(error));
console.log(JSON.stringify({ listed, skipped: skipped.length, got }));
