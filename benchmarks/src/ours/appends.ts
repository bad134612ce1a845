/** Task: appends of 500 bytes through recorders, each awaited. */
import { OUTPUT, type Recorder } from "@session-archiver/core";
import { timed } from "../measure/sample.js";
import { openStores, type Where } from "./stores.js";

export interface AppendParams {
  readonly where: Where;
  readonly appends: number;
  /** The number of recorders. Each has its own session and an equal share of the appends. */
  readonly recorders: number;
  /** The number of appends that each recorder always has pending. */
  readonly atOnce: number;
}

const LINE = `${"x".repeat(499)}\n`;

export async function run({ where, appends, recorders, atOnce }: AppendParams): Promise<{ seconds: number }> {
  await using stores = await openStores(where);
  const open = Array.from({ length: recorders }, (_, n) => stores.archiver.recorder(`session-${n}`, { create: {} }));
  for (const recorder of open) await recorder.append(LINE);
  const each = Math.floor(appends / recorders / atOnce);
  const seconds = await timed(() => Promise.all(open.map((recorder) => append(recorder, each, atOnce))));
  for (const recorder of open) await recorder.close();
  const ref = await stores.ports.blobs.stat({ id: "session-0", name: OUTPUT });
  if (ref?.size !== (each * atOnce + 1) * LINE.length) throw new Error("Appends were lost.");
  return { seconds };
}

async function append(recorder: Recorder, times: number, atOnce: number): Promise<void> {
  const one = async (): Promise<void> => {
    for (let i = 0; i < times; i++) await recorder.append(LINE);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}
