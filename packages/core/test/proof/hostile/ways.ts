/** Every way to get at a session's bytes, and what it makes of changed ones. */
import { encode, linesOf, NOW } from "../../support.js";
import { ID, type Opened, type Sample } from "./samples.js";

/** One way to get at a session's bytes. */
export interface Way {
  readonly name: string;
  /** What it gives, and all of it before it fails, in `got`. */
  run(opened: Opened, sample: Sample, got: Uint8Array[]): Promise<void>;
  /** What that should be. */
  wanted(sample: Sample): string;
  /** Whether it changes the stores: then they are looked at afterwards. */
  readonly changes?: true;
}

async function gather(bytes: AsyncIterable<Uint8Array>, got: Uint8Array[]): Promise<void> {
  for await (const chunk of bytes) got.push(chunk);
}

const cut = (text: string, start: number, end: number): string =>
  new TextDecoder().decode(encode(text).subarray(start, end));
const lineTexts = (text: string): readonly string[] => linesOf(text);
const middle = (text: string): number => Math.floor(lineTexts(text).length / 2);

/** Every way to read, verify and restore. */
export const WAYS: readonly Way[] = [
  { name: "read", run: ({ archiver }, _, got) => gather(archiver.read(ID), got), wanted: ({ text }) => text },
  {
    name: "range",
    run: ({ archiver }, _, got) => gather(archiver.read(ID, { range: { start: 40, end: 90 } }), got),
    wanted: ({ text }) => cut(text, 40, 90),
  },
  {
    name: "tail",
    run: ({ archiver }, _, got) => gather(archiver.tail(ID, 2), got),
    wanted: ({ text }) => lineTexts(text).slice(-2).join(""),
  },
  {
    name: "lines",
    run: ({ archiver }, { text }, got) => gather(archiver.lines(ID, { from: middle(text), to: middle(text) + 2 }), got),
    wanted: ({ text }) =>
      lineTexts(text)
        .slice(middle(text), middle(text) + 2)
        .join(""),
  },
  {
    name: "since",
    run: ({ archiver }, _, got) => gather(archiver.since(ID, NOW + 102_000), got),
    wanted: ({ text }) => text.slice(text.indexOf(lineTexts(text).find((line) => line.includes('"1.2"')) ?? "")),
  },
  {
    name: "numbered",
    async run({ archiver }, { text }, got) {
      const at = middle(text);
      const lines = await archiver.openLines(ID);
      for (const line of await lines.lines(at - 2, at + 1)) got.push(encode(`${line.index} ${line.text}\n`));
      got.push(encode(`of ${await lines.lineCount()}`));
    },
    wanted({ text }) {
      const at = middle(text);
      const all = lineTexts(text);
      const numbered = all.slice(at - 2, at + 1).map((line, i) => `${at - 2 + i} ${line}`);
      return `${numbered.join("")}of ${all.length}`;
    },
  },
  { name: "verify", run: ({ archiver }) => archiver.verify(ID), wanted: () => "" },
  {
    name: "restore",
    changes: true,
    async run({ archiver, ports }, _, got) {
      await archiver.restore(ID);
      const ref = await ports.blobs.stat({ id: ID, name: "output" });
      if (ref) await gather(ports.blobs.read(ref), got);
    },
    wanted: ({ text }) => text,
  },
  {
    name: "merge",
    changes: true,
    async run({ archiver }, _, got) {
      await archiver.recorder(ID).append("more\n");
      await archiver.archive(ID);
      await gather(archiver.read(ID), got);
      await archiver.verify(ID);
    },
    wanted: ({ text }) => `${text}more\n`,
  },
];

/** right: just the bytes. refused: `CORRUPT`, after none but right bytes. unproven: wrong, with the warning that says so. */
export type Outcome = "right" | "refused" | "unproven";

/** What a way makes of changed bytes; throws for wrong bytes given as right ones, and for any error but `CORRUPT`. */
export async function outcomeOf(way: Way, sample: Sample, opened: Opened): Promise<Outcome> {
  const got: Uint8Array[] = [];
  const wanted = way.wanted(sample);
  let refused = false;
  try {
    await way.run(opened, sample, got);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code !== "CORRUPT" || !message) throw error;
    refused = true;
  }
  const text = Buffer.concat(got).toString("latin1");
  const right = Buffer.from(wanted).toString("latin1");
  if (refused ? right.startsWith(text) : text === right) return refused ? "refused" : "right";
  const isWarned = opened.events.some((event) => event.type === "warning" && event.message.includes("goes unnoticed"));
  if (isWarned) return "unproven";
  throw new Error(`${way.name} gave ${JSON.stringify(text.slice(0, 300))}, not ${JSON.stringify(right.slice(0, 300))}`);
}
