/** A lab in a folder of its own, which is gone after the test. */
import { Lab } from "./lab.js";
import { temporaryInMemory } from "./temporary.js";
import type { WriterProcess } from "./writer.js";

/** `shows`: whether the machine shows who has a file open. */
export async function laboratory(writer: WriterProcess, shows: boolean): Promise<Lab & AsyncDisposable> {
  const folder = await temporaryInMemory();
  const lab = new Lab(folder.path, writer, shows);
  await lab.start();
  return Object.assign(lab, { [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() });
}
