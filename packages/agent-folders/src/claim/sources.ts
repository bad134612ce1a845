/** Which parts of a place are to be published, and from which byte on. */
import type { ClaimContext, HeldPart } from "./claim-types.js";
import { extentOf, isSameExtent, judge, type Piece } from "./content.js";
import type { Opened, Source } from "./opened.js";
import { baseOf } from "./tidy.js";

export interface Sources {
  /** In the order in which they belong together. */
  readonly used: readonly Source[];
  /** Parts whose bytes can't be brought together with the others. */
  readonly left: readonly HeldPart[];
}

interface Sorted {
  /** Nothing of them is known to be in a published file. */
  readonly plain: readonly HeldPart[];
  /** They have grown since they were copied. */
  readonly grown: readonly Source[];
  /** They were changed in place since they were copied. */
  readonly rewritten: readonly HeldPart[];
}

/**
 * `gone`: a part has gone meanwhile. `needs the place`: what is published at the place is the beginning of the whole.
 * `now`: what is at the place.
 */
export async function sourcesOf(
  ctx: ClaimContext,
  parts: readonly HeldPart[],
  now: Piece | undefined,
  opened: Opened,
): Promise<Sources | "gone" | "needs the place"> {
  const base = baseOf(parts);
  const others = await sort(
    parts.filter((part) => part !== base),
    opened,
  );
  if (others === "gone") return "gone";
  const { plain, grown, rewritten } = others;
  if (base) {
    const late = plain.filter((part) => part.at > base.at || part.kind === "fragment");
    const left = plain.filter((part) => !late.includes(part));
    const used = await full([base, ...late], opened);
    return used ? { used: [...used.slice(0, 1), ...grown, ...used.slice(1)], left: [...left, ...rewritten] } : "gone";
  }
  if (grown.length > 0 && now) return "needs the place";
  if (now && plain.every(({ kind }) => kind === "fragment")) return follow(ctx, plain, now, rewritten, opened);
  const used = await full(grown.length > 0 ? parts.filter((part) => !rewritten.includes(part)) : plain, opened);
  return used ? { used, left: rewritten } : "gone";
}

async function full(parts: readonly HeldPart[], opened: Opened): Promise<readonly Source[] | undefined> {
  const sources: Source[] = [];
  for (const part of parts) {
    const piece = await opened.piece(part.location);
    if (!piece) return undefined;
    sources.push({ part, piece });
  }
  return sources;
}

async function sort(parts: readonly HeldPart[], opened: Opened): Promise<Sorted | "gone"> {
  const plain: HeldPart[] = [];
  const grown: Source[] = [];
  const rewritten: HeldPart[] = [];
  for (const part of parts) {
    const { copied } = part;
    if (!copied) {
      plain.push(part);
    } else if (part.look.size !== copied.size) {
      const piece = await opened.piece(part.location, copied.size);
      if (!piece) return "gone";
      const isGrown = isSameExtent(await extentOf(piece.file, copied.size), copied);
      if (isGrown) grown.push({ part, piece });
      else rewritten.push(part);
    }
  }
  return { plain, grown, rewritten };
}

/** Fragments without what they continue: that is at the place, unless it has all of their bytes already. */
async function follow(
  ctx: ClaimContext,
  fragments: readonly HeldPart[],
  now: Piece,
  rewritten: readonly HeldPart[],
  opened: Opened,
): Promise<Sources | "gone" | "needs the place"> {
  const left = [...rewritten];
  for (const part of fragments) {
    const piece = await opened.piece(part.location);
    if (!piece) return "gone";
    const verdict = await judge(ctx, [now], piece);
    if (verdict === "fragment") return "needs the place";
    if (verdict !== "prefix" && piece.end !== now.end) left.push(part);
  }
  return { used: [], left };
}
