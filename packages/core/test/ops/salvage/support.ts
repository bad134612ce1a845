/** What the tests of salvage share: sessions of several segments, and ways to damage what is in the sink. */
import { expect } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { type ArchiverOptions, bytesOf, toBytes } from "../../../src/index.js";
import { encode, makeSession, type World, world } from "../../support.js";

/** Lines that hardly compress, so that a few hundred make a segment of many archive bytes. */
export function noisyLines(lines: number, seed = 1, size = 8000): string {
  let state = seed;
  const random = (): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state;
  };
  return Array.from({ length: lines }, (_, i) => {
    const noise = Array.from({ length: size / 8 }, () => random().toString(36)).join("");
    return `${JSON.stringify({ type: "user", id: `${seed}-${i}`, noise })}\n`;
  }).join("");
}

/** Lines of three segments, the last of them short; made once. */
export const THREE = noisyLines(420);

export async function archived(
  text: string,
  options: Partial<ArchiverOptions> & { readonly sidecar?: string } = {},
): Promise<World> {
  const { sidecar, ...rest } = options;
  const w = world(rest);
  await makeSession(w, "s", text);
  if (sidecar !== undefined) {
    await w.ports.blobs.create({ id: "s", name: "times" }, "live-times", bytesOf(encode(sidecar)));
  }
  await w.archiver.archive("s");
  return w;
}

export async function keyAt(w: World, key: keyof typeof KEY, id = "s"): Promise<string> {
  return String((await w.ports.objects.get(id))?.meta[KEY[key]]);
}

export async function sinkBytesOf({ ports }: World, key: string): Promise<Uint8Array> {
  return (await toBytes(ports.archives.read(key))).slice();
}

/** Puts other bytes under the key. */
export async function overwrite({ ports }: World, key: string, bytes: Uint8Array): Promise<void> {
  await ports.archives.delete(key);
  await ports.archives.put(key, bytesOf(bytes));
}

export async function flip(w: World, key: string, ...places: readonly number[]): Promise<void> {
  const bytes = await sinkBytesOf(w, key);
  for (const place of places) {
    const at = Math.floor(bytes.length * place);
    bytes[at] = (bytes[at] ?? 0) ^ 0x41;
  }
  await overwrite(w, key, bytes);
}

/** The lines that are left if these ranges are lost. */
export function without(text: string, lost: readonly (readonly [number, number | null])[]): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.filter((_, i) => !lost.some(([from, to]) => i >= from && (to === null || i < to))).join("");
}

/** Salvages a file that has lost lines for certain. Gives these lines. */
export async function salvaged(w: World, name = "output"): Promise<readonly (readonly [number, number | null])[]> {
  const done = await w.archiver.salvage("s");
  const file = done.files.find((one) => one.name === name);
  expect(file).toMatchObject({ outcome: "salvaged", isExact: true, unproven: false });
  expect(file?.lostLines.length).toBeGreaterThan(0);
  return file?.lostLines ?? [];
}
