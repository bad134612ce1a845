/** The host's process that writes to the session: output by a recorder, sidecars by the blob store. */
import { codeOf, OUTPUT } from "@session-archiver/core";
import { RESTORED_PREFIX } from "@session-archiver/core/adapter";
import type { Ledger } from "./ledger.js";
import type { Stage } from "./stage.js";
import { ID, lines, SIDECAR } from "./world.js";

const encoder = new TextEncoder();

/** The stats are written when the recorder is closed. */
const NEVER_MS = 1_000_000_000;

/** Writes `rounds` lines, now and then two at once, or one to a sidecar. */
export async function write(stage: Stage): Promise<void> {
  const { archiver, world, random } = stage;
  const recorder = archiver.recorder(ID, { statsEveryMs: random() < 0.5 ? 0 : NEVER_MS });
  const output = world.ledger(OUTPUT);
  // A sidecar is not marked before its first byte, so hosts don't write one to a pruned session.
  const writesSidecar = !stage.purges && random() < 0.25;
  const sidecar = writesSidecar ? sidecarWriter(stage) : undefined;
  const append = (): Promise<void> => {
    const line = output.begin();
    return answered(stage, output, line, recorder.append(line));
  };
  for (let round = 0; round < stage.rounds; round++) {
    if (sidecar && random() < 0.5) await sidecar();
    if (random() < 0.2) await Promise.all([append(), append()]);
    else await append();
  }
  if (random() < 0.3) return; // like a process that dies when everything is acknowledged
  await recorder.close().catch((error: unknown) => {
    if (!isFault(stage, error) && codeOf(error) !== "CONFLICT") throw error;
  });
}

/** Notes the answer to the write in the ledger. */
async function answered(stage: Stage, ledger: Ledger, line: string, writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
    ledger.answer(line, "sure");
  } catch (error) {
    const code = codeOf(error);
    ledger.answer(line, code === "UNAVAILABLE" ? "unsure" : "refused");
    if (!isFault(stage, error) && code !== "CONFLICT" && code !== "NOT_FOUND") throw error;
  }
}

function isFault({ faulty }: Stage, error: unknown): boolean {
  const code = codeOf(error);
  return faulty && (code === "UNAVAILABLE" || code === "QUOTA");
}

/** Appends to a sidecar that a host has made, at exactly the ref that it knows. If there is none, makes it. */
function sidecarWriter(stage: Stage): () => Promise<void> {
  const { world, ports } = stage;
  const ledger = world.ledger(SIDECAR);
  const key = { id: ID, name: SIDECAR };
  // A blob that a restore has made may be a stray. Only the library knows.
  const found = world.disk.blobs.get(ID)?.get(SIDECAR)?.ref;
  let at = found?.generation.startsWith(RESTORED_PREFIX) ? undefined : found;
  return async () => {
    const line = ledger.begin();
    const known = at;
    at = undefined;
    const writing = known
      ? ports.blobs.append(known, encoder.encode(line))
      : ports.blobs.create(key, `live-${world.newId()}`, lines(line));
    const noted = writing.then((ref) => {
      at = ref;
    });
    await answered(stage, ledger, line, noted);
  };
}
