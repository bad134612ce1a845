/** All real sessions can be shown, at any width, in words only. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { newShower } from "../support/shower.js";

const FENCE = /^\s*(`{3,}|~{3,})/;

/** Lines that are wider than they may be. Code and tables are as they were written. */
function tooWide(text: string, columns: number): readonly string[] {
  let fence: string | undefined;
  return text.split("\n").filter((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (/^#\d+ \w| {2}#\d+$/.test(line)) fence = undefined;
    else if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
    }
    const isKept = fence !== undefined || mark !== undefined || /^\s*\|/.test(line);
    return !isKept && line.length > columns / 2 && stringWidth(line) > columns;
  });
}

describe.skipIf(!hasCorpus)(`each real session (${hasCorpus ? "corpus" : NO_CORPUS})`, async () => {
  const files = hasCorpus ? await corpusFiles() : [];

  test(`is shown within the width, without an error: ${files.length} files`, async () => {
    for (const [i, path] of files.entries()) {
      const shower = newShower();
      const id = `other:${path}`;
      await shower.put(id, await readFile(join(CORPUS, path)));
      const columns = [40, 80, 200][i % 3] ?? 80;
      const { exitCode, text, stderr } = await shower.show(id, {}, { env: { COLUMNS: String(columns) } });
      expect([path, exitCode, stderr]).toEqual([path, 0, ""]);
      expect([path, columns, tooWide(text, columns)]).toEqual([path, columns, []]);
      const full = await shower.show(id, { full: true }, { color: "always" });
      expect([path, full.exitCode, full.stderr]).toEqual([path, 0, ""]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test takes our own away
      const words = full.text.replaceAll(/\u001b\[\d+m|\n/g, "");
      expect([path, /[\p{Cc}\p{Bidi_Control}]/u.exec(words)?.index]).toEqual([path, undefined]);
    }
  }, 120_000);
});
