/** Makes the manual page from the sources. */
import { readFileSync } from "node:fs";
import { Writable } from "node:stream";
import type { ActionFor } from "../../src/command.ts";
import { createProgram } from "../../src/program.ts";
import { manualPage } from "./page.ts";

const nothing = () => async (): Promise<void> => {};
const idle: ActionFor = Object.assign(nothing, { alone: nothing });
const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/** `unixMs`: the page's date. */
export async function source(unixMs: number): Promise<string> {
  const program = await createProgram({ stdout: nowhere, stderr: nowhere }, ["--help"], idle);
  const { homepage } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return manualPage(program, { date: new Date(unixMs).toISOString().slice(0, 10), homepage });
}
