/** Finds the entries that people ask for, reading as little as that takes. */
import { ArchiverError } from "@session-archiver/core";
import type { TranscriptKind } from "@session-archiver/transcripts";
import { count } from "../output/text.js";
import { beginsTurn, entriesOf, type LineEntry } from "./entries.js";
import type { NumberRange, ShowOptions } from "./options.js";
import type { Source } from "./source.js";

const AROUND = 3;
/** An end that is not reached, because reading stops before: nothing is read ahead then. */
const SOON = Number.MAX_SAFE_INTEGER - 1;

/** Rejects with `INVALID_ARGUMENT` if there is no such line or turn. */
export async function* windowOf(source: Source, kind: TranscriptKind, options: ShowOptions): AsyncGenerator<LineEntry> {
  const { line, context = AROUND, lines, turns, last, limit } = options;
  if (line !== undefined) {
    const total = await source.total();
    if (line > total) throw outside(`There is no line ${line}: it has ${count(total, "line")}.`);
    yield* entriesFrom(source, kind, { from: Math.max(1, line - context), to: line + context });
  } else if (lines) yield* entriesFrom(source, kind, { from: lines.from + 1, to: lines.to });
  else if (turns) yield* turnsOf(source, kind, turns);
  else if (last !== undefined) {
    const wanted = last === true ? 1 : last;
    yield* entriesFrom(source, kind, { from: await startOfLast(source, kind, wanted), to: undefined });
  } else yield* entriesFrom(source, kind, { from: 1, to: limit === undefined ? undefined : SOON });
}

async function* entriesFrom(source: Source, kind: TranscriptKind, range: NumberRange): AsyncGenerator<LineEntry> {
  let turn = 0;
  for await (const line of source.lines(range.from, range.to)) {
    for (const given of entriesOf(line, kind)) {
      const begins = range.from === 1 && beginsTurn(given.entry);
      yield { ...given, turn: begins ? ++turn : undefined };
    }
  }
}

async function* turnsOf(source: Source, kind: TranscriptKind, { from, to }: NumberRange): AsyncGenerator<LineEntry> {
  let turn = 0;
  for await (const given of entriesFrom(source, kind, { from: 1, to: to === undefined ? undefined : SOON })) {
    turn = given.turn ?? turn;
    if (to !== undefined && turn > to) return;
    if (turn >= from) yield given;
  }
  if (turn < from) throw outside(`There is no turn ${from}: it has ${count(turn, "turn")}.`);
}

/** The line where the last turns begin; the first if there are fewer. */
async function startOfLast(source: Source, kind: TranscriptKind, turns: number): Promise<number> {
  let found = 0;
  for await (const line of source.backwards()) {
    found += entriesOf(line, kind).filter(({ entry }) => beginsTurn(entry)).length;
    if (found >= turns) return line.number;
  }
  return 1;
}

function outside(message: string): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", message);
}
