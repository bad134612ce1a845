/** What the parts of one place are together. */
import type { ClaimContext, HeldPart } from "./claim-types.js";
import { judge, type Piece, type Verdict } from "./content.js";
import type { Source } from "./opened.js";

export interface Folded {
  /** Their bytes, one after the other, are the content. */
  readonly content: readonly Source[];
  /** Another content of the same file, which does not go into this one. */
  readonly left: readonly HeldPart[];
}

/**
 * Goes through the sources: each one is the beginning of what is there, continues it, holds all of it and more, or is
 * another content of the file. Then the newer one counts.
 */
export async function fold(ctx: ClaimContext, sources: readonly Source[]): Promise<Folded> {
  let content: Source[] = [];
  const left: HeldPart[] = [];
  for (const source of sources) {
    const verdict = await judged(ctx, content, source);
    const isOlder = content.some(({ part }) => part.at > source.part.at);
    if (verdict === "other") left.push(...(isOlder ? [source.part] : content.map(({ part }) => part)));
    if (verdict === "prefix" || (verdict === "other" && isOlder)) continue;
    content = verdict === "fragment" ? [...content, source] : [source];
  }
  return { content, left };
}

export function piecesOf(sources: readonly Source[]): readonly Piece[] {
  return sources.map(({ piece }) => piece);
}

/** What a part has grown by since its beginning was copied continues it, whatever it looks like. */
async function judged(ctx: ClaimContext, content: readonly Source[], { piece }: Source): Promise<Verdict> {
  if (content.length === 0) return "superset";
  return piece.start > 0 ? "fragment" : judge(ctx, piecesOf(content), piece);
}
