/** What the tests of lists and counts share. */
import type { SessionInfo } from "../../src/index.js";
import type { World } from "../support.js";

export async function listed(w: World, from?: "metadata"): Promise<readonly SessionInfo[]> {
  const infos: SessionInfo[] = [];
  for await (const info of w.archiver.list({ from })) infos.push(info);
  return infos.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export async function record(w: World, id: string, text: string): Promise<void> {
  const recorder = w.archiver.recorder(id, { create: {} });
  await recorder.append(text);
  await recorder.close();
}
