/** The search finds exactly the lines that decoding and matching every line finds. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type Archiver, bytesOf, createArchiver, memoryPorts } from "@session-archiver/core";
import { hasCorpus } from "@session-archiver/test-kit/machine";
import { seeded } from "@session-archiver/test-kit/random";
import { describe, expect, test } from "vitest";
import { search } from "../../src/index.js";
import { linesWith, textsOfLines } from "../oracle/plain-lines.js";
import { drawQuery } from "../oracle/random-query.js";
import { reEscaped } from "../oracle/re-escape.js";
import { sessionBytes } from "../oracle/sessions.js";

/** Queries; all, and on sessions in every state, where `SESSION_ARCHIVER_QUERIES` is 500. */
const QUERIES = Number(process.env["SESSION_ARCHIVER_QUERIES"] ?? 12);
const SEED = Number(process.env["SESSION_ARCHIVER_QUERY_SEED"] ?? 1);
const STATES = ["live", "archived", "resumed"] as const;

describe.each(QUERIES < 500 ? [0] : [0, 1, 2])(
  `${hasCorpus ? "real" : "generated"} sessions, shifted by %i`,
  (shift) => {
    test("random words, phrases and patterns give the lines that a plain look at every line gives", async () => {
      const random = seeded(SEED);
      const plain = await sessionBytes();
      const all = [...plain, ...plain.map((bytes) => reEscaped(bytes, random))];
      const archiver = createArchiver({ ...memoryPorts(), codec: zlibCodec() });
      for (const [i, bytes] of all.entries()) {
        await make(archiver, `s${i}`, bytes, STATES[(i + shift + Math.floor(i / plain.length)) % 3] ?? "live");
      }
      const lines = all.map(textsOfLines);
      const texts = lines.flat(2).filter((text) => text !== "" && text.length < 200_000);
      let found = 0;
      for (let n = 0; n < QUERIES; n++) {
        const { query, options, plain: wanted } = drawQuery(texts, random);
        const expected = new Set<string>();
        for (const [i, session] of lines.entries())
          for (const line of linesWith(session, wanted)) expected.add(`s${i} ${line}`);
        const hits = new Set<string>();
        const searched = search(archiver, query, options);
        for await (const { session, line } of searched) hits.add(`${session.id} ${line}`);
        const about = JSON.stringify({ query, ...options });
        expect([...expected.symmetricDifference(hits)].slice(0, 5), about).toEqual([]);
        expect(searched.coverage, about).toMatchObject({ isComplete: true, unreadable: [], hits: expected.size });
        found += expected.size > 0 ? 1 : 0;
      }
      expect(found).toBeGreaterThan(QUERIES / 2);
    }, 3_600_000);
  },
);

async function make(archiver: Archiver, id: string, bytes: Uint8Array, state: (typeof STATES)[number]): Promise<void> {
  const first = state === "resumed" ? bytes.subarray(0, bytes.length >> 1) : bytes;
  await archiver.import(id, bytesOf(first));
  if (state !== "live") await archiver.archive(id);
  if (state === "resumed") await archiver.import(id, bytesOf(bytes));
}
