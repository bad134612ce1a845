/** What the tests of numbered lines share. */
import type { SessionLine } from "../../../src/index.js";
import type { World } from "../../support.js";

/** The lines of these bytes, by the plainest of means. */
export function model(bytes: Uint8Array): SessionLine[] {
  const lines: SessionLine[] = [];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline + 1;
    const whole = bytes.subarray(at, newline === -1 ? end : newline);
    const isCrLf = newline !== -1 && whole.at(-1) === 13;
    const text = decoder.decode(isCrLf ? whole.subarray(0, -1) : whole);
    const index = lines.length;
    lines.push({ index, text: index === 0 ? text.replace(/^\ufeff/, "") : text, bytes: end - at, truncated: false });
    at = end;
  }
  return lines;
}

export async function append(w: World, output: string | Uint8Array): Promise<void> {
  const recorder = w.archiver.recorder("s", { create: {} });
  await recorder.append(output);
  await recorder.close();
}
