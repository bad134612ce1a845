/** Real sessions: imported, swept, verified and restored in Chromium, byte for byte. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { expect, test } from "vitest";
import { useProfile } from "../support/chromium.js";

const chromium = useProfile();

async function roundTrip(sessions: ReadonlyMap<string, Uint8Array>, codec: "fflate" | "native"): Promise<void> {
  const tab = await chromium.openTab();
  const ids = [...sessions.keys()];
  const whole = ids.filter((id) => hasLine(sessions.get(id) ?? Buffer.of()));
  const states = async (): Promise<ReadonlySet<string>> => new Set(await tab.call("states", whole));
  chromium.site.files.clear();
  for (const [id, bytes] of sessions) chromium.site.files.set(id, bytes);

  await tab.call("open", "corpus", { codec });
  await tab.call("addFiles", ids);
  const { archivedCount, failures } = await tab.call("sweep");
  expect({ archivedCount, failures }).toEqual({ archivedCount: whole.length, failures: [] });
  expect(await states()).toEqual(new Set(["archived"]));
  expect(await tab.call("verifyAll")).toMatchObject({ checked: ids.length, bad: [] });
  expect(await tab.call("differing", ids)).toEqual([]);
  await tab.call("restoreAll", whole);
  expect(await states()).toEqual(new Set(["live"]));
  expect(await tab.call("differing", ids)).toEqual([]);
}

function hasLine(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).toString().trim() !== "";
}

const codecs = ["fflate", "native"] as const;

if (!hasCorpus) console.warn(NO_CORPUS);
test.runIf(hasCorpus).each(codecs)("all real sessions, with the codec %s", { timeout: 600_000 }, async (codec) => {
  const paths = await corpusFiles();
  expect(paths.length).toBeGreaterThan(50);
  const sessions = paths.map(async (path) => [path, await readFile(join(CORPUS, path))] as const);
  await roundTrip(new Map(await Promise.all(sessions)), codec);
});

test.each(codecs)("generated sessions, with the codec %s", async (codec) => {
  const sessions = Array.from({ length: 6 }, (_, seed) => {
    const kind = seed % 2 === 0 ? ("claude-code" as const) : ("codex" as const);
    return [
      `generated ${seed}`,
      Buffer.concat([...generateSession({ seed, bytes: 300_000 * (seed + 1), kind })]),
    ] as const;
  });
  await roundTrip(new Map([...sessions, ["empty", Buffer.of()], ["blank", Buffer.from("\n \n")]]), codec);
});
