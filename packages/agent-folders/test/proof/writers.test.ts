/** Each kind of writer acts at every step of the rule. In the end there is one whole file, or the archive has all of it. */
import { afterAll, describe, expect, test } from "vitest";
import { ARCHIVED, Lab } from "../support/lab.js";
import type { Steps } from "../support/stepped.js";
import { temporaryInMemory } from "../support/temporary.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());

const ONE = '{"n":3}\n';
const TWO = '{"n":4}\n';

const NEVER = -1;
/** A claim that nobody disturbs takes more calls than this. */
const QUIET_CALLS = 30;
/** Two acts happen at each pair of these steps. */
const STRIDE = process.env["SESSION_ARCHIVER_AT_LENGTH"] ? 1 : 11;

interface Kind {
  readonly name: string;
  /** Before the claim. */
  readonly first?: (lab: Lab) => Promise<void>;
  /** Each acts once, in this order. Resolves to `false` if it could do nothing. */
  readonly acts: readonly ((lab: Lab) => Promise<unknown>)[];
  /** After the claim. */
  readonly last?: (lab: Lab) => Promise<void>;
  /** What the file would be if it had stayed in its place. */
  readonly expected: string;
}

const rewritten = ARCHIVED.replace('"n":1', '"n":7');

const kinds: readonly Kind[] = [
  { name: "W1", acts: [(lab) => lab.append(ONE)], expected: ARCHIVED + ONE },
  { name: "W1, twice", acts: [(lab) => lab.append(ONE), (lab) => lab.append(TWO)], expected: ARCHIVED + ONE + TWO },
  {
    name: "W1, which takes its time",
    acts: [(lab) => lab.open(), (lab) => lab.write(ONE).then(() => lab.close())],
    expected: ARCHIVED + ONE,
  },
  {
    name: "W1, which writes a line in two writes",
    acts: [(lab) => lab.open().then(() => lab.write(ONE.slice(0, 2))), (lab) => lab.write(ONE.slice(2))],
    last: (lab) => lab.close(),
    expected: ARCHIVED + ONE,
  },
  {
    name: "W2 and W5, which hold it open",
    first: (lab) => lab.open(),
    acts: [(lab) => lab.write(ONE), (lab) => lab.write(TWO)],
    last: (lab) => lab.close(),
    expected: ARCHIVED + ONE + TWO,
  },
  {
    name: "W3, which reads the file first",
    acts: [(lab) => writer.do({ act: "replace", path: lab.place, text: ONE })],
    expected: ARCHIVED + ONE,
  },
  {
    name: "W3, which knows the file",
    acts: [
      (lab) => writer.do({ act: "overwrite", path: lab.place, text: ARCHIVED + ONE }),
      (lab) => writer.do({ act: "overwrite", path: lab.place, text: ARCHIVED + ONE + TWO }),
    ],
    expected: ARCHIVED + ONE + TWO,
  },
  {
    name: "W3, which keeps the old file",
    acts: [(lab) => writer.do({ act: "exchange", path: lab.place, text: ARCHIVED + ONE })],
    expected: ARCHIVED + ONE,
  },
  {
    name: "W3, which changes what was there",
    acts: [(lab) => writer.do({ act: "overwrite", path: lab.place, text: rewritten })],
    expected: rewritten,
  },
  {
    name: "W4, which holds it open",
    first: (lab) => lab.open("r+"),
    acts: [(lab) => writer.do({ act: "change", text: rewritten }).then(() => lab.close())],
    expected: rewritten,
  },
  ...[true, false].map((keepMtime) => ({
    name: keepMtime ? "W4, which keeps the mtime" : "W4",
    acts: [
      async (lab: Lab) => (await writer.do({ act: "rewrite", path: lab.place, text: rewritten, keepMtime })) === "done",
    ],
    expected: rewritten,
  })),
];

/** The acts happen before these calls, or after the claim. */
function plan(lab: Lab, kind: Kind, calls: readonly number[]) {
  let next = 0;
  let wasAble = true;
  const act = async () => {
    if ((await kind.acts[next++]?.(lab)) === false) wasAble = false;
  };
  const steps: Steps = {
    before: async (call) => {
      while (next < kind.acts.length && calls[next] === call) await act();
    },
  };
  const rest = async () => {
    while (next < kind.acts.length) await act();
    await kind.last?.(lab);
  };
  return { steps, rest, wasAble: () => wasAble };
}

async function run(kind: Kind, shows: boolean, calls: readonly number[]): Promise<number> {
  await using folder = await temporaryInMemory();
  const lab = new Lab(folder.path, writer, shows);
  await lab.start();
  await kind.first?.(lab);
  const { steps, rest, wasAble } = plan(lab, kind, calls);
  const claimed = await lab.claim(steps);
  await rest();
  const finished = await lab.finish();
  const content = await lab.content();
  const expected = wasAble() ? kind.expected : ARCHIVED;
  const what = JSON.stringify({ kind: kind.name, shows, calls, claimed, finished, content });
  const isWhole = content === expected || ARCHIVED + (content ?? "") === expected;
  expect(isWhole, what).toBe(true);
  expect(await lab.parts(), what).toEqual([]);
  return claimed.calls;
}

describe.each([
  { shows: true, machine: "where it is shown who has a file open" },
  { shows: false, machine: "where nothing shows it" },
])("$machine", ({ shows }) => {
  test.each(kinds)("$name", async (kind) => {
    let most = await run(kind, shows, [NEVER, NEVER]);
    const stride = kind.acts.length === 1 ? 1 : STRIDE;
    for (let first = 1; first <= most; first += stride) {
      most = Math.max(most, await run(kind, shows, [first, first]));
      if (kind.acts.length === 1) continue;
      for (let second = first + 1; second <= most; second += stride) {
        most = Math.max(most, await run(kind, shows, [first, second]));
      }
    }
    expect(most).toBeGreaterThan(QUIET_CALLS);
  });
});
