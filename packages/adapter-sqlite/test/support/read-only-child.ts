/**
 * Reads a database as a user who may not write to it: `read-only-child.ts <file>`. Prints the listing, and again
 * after each line on stdin. In place of a failed one it prints the error's code and message.
 */
import { createInterface } from "node:readline";
import { openSqlite } from "../../src/index.js";

const [file = ""] = process.argv.slice(2);
if (process.getuid?.() === 0) {
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
try {
  await using store = await openSqlite(file, { readOnly: true });
  const look = async (): Promise<void> => {
    const ids: string[] = [];
    for await (const { id } of store.objects.list()) ids.push(id);
    say(ids);
  };
  await look();
  for await (const _ of createInterface({ input: process.stdin })) await look();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  say({ code, message });
}
process.stdin.destroy();
