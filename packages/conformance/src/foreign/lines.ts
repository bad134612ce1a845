/** Lines of a transcript, and what must hold for them. Its first line is a head, by which a file that lacks its beginning is known. */
import { check, equal } from "../support/assert.js";
import { text } from "../support/data.js";
import type { ForeignFiles, ForeignWriter } from "./foreign-files.js";

const HEAD = `{"type":"head","id":"s"}\n`;

export function line(name: string): string {
  return `{"type":"line","name":"${name}"}\n`;
}

/** A head and two lines. */
export const START: string = HEAD + line("a") + line("b");

export async function place({ writer }: ForeignFiles, path: string, content: string = START): Promise<void> {
  const file = await writer.open(path, true);
  await file?.append(text(content));
  await file?.close();
}

/** Places a file with {@link START}, and archives it. */
export async function placeArchived(files: ForeignFiles, path: string): Promise<void> {
  await place(files, path);
  await files.archive(path);
}

/** W1: opens, appends and closes. */
export async function append(writer: ForeignWriter, path: string, added: string): Promise<void> {
  const file = await writer.open(path, true);
  await file?.append(text(added));
  await file?.close();
}

export async function published({ writer }: ForeignFiles, path: string): Promise<string | undefined> {
  const bytes = await writer.read(path);
  return bytes && textOf(bytes);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Every text that there is of a file: versions, what is held, and what is in its place. */
export async function textsOf(files: ForeignFiles, path: string): Promise<readonly string[]> {
  const held = (await files.held()).filter((part) => part.path === path);
  const there = await published(files, path);
  const versions = await files.archived(path);
  return [...versions.map(textOf), ...held.map(({ bytes }) => textOf(bytes)), ...(there === undefined ? [] : [there])];
}

/** Each of these lines must be somewhere. */
export async function expectKept(files: ForeignFiles, path: string, wanted: string, when: string): Promise<void> {
  const texts = await textsOf(files, path);
  for (const each of linesOf(wanted)) {
    check(
      texts.some((found) => linesOf(found).includes(each)),
      `${when}: the line ${each.trim()} of "${path}" is nowhere.`,
    );
  }
}

/** Runs that come later, until nothing is held; the file is archived after each, where it is in its place. */
export async function settle(files: ForeignFiles, path: string): Promise<void> {
  for (let run = 0; run < 4; run++) {
    await files.laterRun(25);
    if ((await files.writer.read(path)) !== undefined) await files.archive(path);
    if ((await files.held()).length === 0) return;
  }
  check(false, `After four more days something is still held of "${path}".`);
}

/** After later runs the archive's present version is exactly this. */
export async function expectWhole(files: ForeignFiles, path: string, whole: string, when: string): Promise<void> {
  await settle(files, path);
  const versions = await files.archived(path);
  equal(textOf(versions.at(-1) ?? text("")), whole, `${when}: the present version of "${path}"`);
}

export function linesOf(content: string): readonly string[] {
  return content.match(/[^\n]*\n/g) ?? [];
}
