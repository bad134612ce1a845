/** Extracts a session's facts for its store while its bytes pass, and can continue where an earlier part ended. */
import { type Identity, type ResumableIdentifier, resumableIdentifier } from "./identify.js";
import { lineReader } from "./lines/line-reader.js";
import { bytesOf, type FactValues, stateIn, textOf, toValues } from "./values.js";

/** The facts extracted from the earlier bytes. */
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
  /** Version of the extraction: a newer version extracts everything again. */
  readonly version: number;
  /** `known`: facts to continue from; ignored if they are from another extractor or version. */
  open(known?: KnownFacts): OpenDescription;
}

const BY = "transcripts";
const VERSION = 2;
/** An unfinished line up to this size is kept until it is finished; of a longer line, only what it says already. */
export const LONGEST_TAIL: number = 16 * 1024;

/** Has the shape of the `describe` hook of the library's archiver. */
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
