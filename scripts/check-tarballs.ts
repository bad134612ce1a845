/**
 * Packs every public package, lints the tarballs, installs them into an empty project and uses them there: what people get from the
 * registry is what is checked, not what lies in the workspace. On each runtime that docs/runtimes.md names, a program for
 * each package does its main job; the documentation's snippets run on the oldest Node.
 */
import { makeConsumer } from "./tarballs/consumer.ts";
import { lintTarballs } from "./tarballs/lint.ts";
import { checkPrograms } from "./tarballs/programs.ts";
import { findRuntimes } from "./tarballs/runtimes.ts";
import { checkSnippets } from "./tarballs/snippets.ts";

const consumer = makeConsumer();
try {
  await lintTarballs(consumer);
  for (const { name, bin } of consumer.packages) {
    consumer.node("--input-type=module", "-e", `await import(${JSON.stringify(name)})`);
    for (const command of Object.keys(bin ?? {})) consumer.node(`node_modules/.bin/${command}`, "--help");
    console.log(`${name}: packed, installed, imported${bin ? ", run" : ""}`);
  }
  const runtimes = findRuntimes();
  await checkPrograms(consumer, runtimes);
  await checkSnippets(consumer, runtimes);
} finally {
  consumer.remove();
}
