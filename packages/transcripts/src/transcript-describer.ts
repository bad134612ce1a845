/** Facts of a session for whoever keeps it, gathered as its bytes pass, and gathered on where an earlier part left off. */
import { type Identity, type ResumableIdentifier, resumableIdentifier } from "./identify.js";
import { lineReader } from "./lines/line-reader.js";
import { bytesOf, type FactValues, stateIn, textOf, toValues } from "./values.js";

/** What was gathered from the bytes before. */
export interface KnownFacts {
  readonly by: string;
  readonly version: number;
  readonly values: FactValues;
}

export interface OpenDescription {
  /** The next bytes, cut anywhere. Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void;
  /** What the bytes so far say; more may come. */
  values(): FactValues;
}

export interface TranscriptDescriber {
  readonly by: string;
  /** Of what is gathered: a newer one gathers anew. */
  readonly version: number;
  /** `known`: goes on from these; what is by somebody else, or of another version, counts as none. */
  open(known?: KnownFacts): OpenDescription;
}

const BY = "transcripts";
const VERSION = 1;
/** An unfinished line of no more bytes is kept for when it is finished; of a longer one, only what it says already. */
export const LONGEST_TAIL: number = 16 * 1024;

/** Shaped as the `describe` hook of the library's archiver. */
export function transcriptDescriber(): TranscriptDescriber {
  return { by: BY, version: VERSION, open: (known) => openDescription(isOurs(known) ? known.values : undefined) };
}

const isOurs = (known: KnownFacts | undefined): known is KnownFacts => known?.by === BY && known.version === VERSION;

function openDescription(known: FactValues | undefined): OpenDescription {
  const { state, tail } = stateIn(known);
  const decoder = new TextDecoder();
  const found = resumableIdentifier(state);
  const addLine = (to: ResumableIdentifier, line: Uint8Array): void => to.add(decoder.decode(line));
  const reader = lineReader((line) => addLine(found, line));
  if (tail !== undefined) reader.add(bytesOf(tail));

  return {
    add: reader.add,
    values() {
      const rest = reader.unfinished();
      if (rest.length === 0) return toValues(found.identity(), found.state());
      const all = resumableIdentifier(found.state());
      addLine(all, rest);
      const identity: Identity = all.identity();
      return rest.length > LONGEST_TAIL
        ? toValues(identity, all.state())
        : toValues(identity, found.state(), textOf(rest));
    },
  };
}
