/**
 * Archives another content of a file that is held aside: a writer has put a new file in its place while it was taken, so
 * the older content is nowhere but aside. It becomes a version of its own, and may then be let go.
 */
import type { MirrorResult, OpOptions, Original } from "@session-archiver/core";
import { ArchiverError, OUTPUT } from "@session-archiver/core";
import type { HeldPart } from "../claim/claim-types.js";
import { partsOf } from "../claim/held.js";
import { placePath } from "../claim/place.js";
import { claimContext, type FolderHost } from "../host.js";
import { withOriginals } from "../originals.js";
import { originalsIn } from "../read-originals.js";
import { isSameSum, type Sum } from "../sums.js";
import { nextName } from "./archive-names.js";
import type { HeldStep } from "./plan-types.js";
import { sourceOfMember, sumOfMember } from "./read-member.js";

/** `name`: of the file in the archive. `archived`: what the archive is known to hold of it. Resolves to freed bytes. */
export async function archiveOtherContents(
  host: FolderHost,
  sessionId: string,
  { place, parts: [first] }: HeldStep,
  name: string,
  archived: Sum | undefined,
  op: OpOptions,
): Promise<number> {
  if (!first || !(await host.files.look(placePath(first)))) return 0;
  let freed = 0;
  for (const part of await partsOf(host.files, first)) {
    if (part.kind === "whole" || part.copied) continue;
    const sum = await sumOfMember(host.files, part.location, memberOf(part));
    if (sum.size === 0 || (archived && isSameSum(sum, archived))) continue;
    await archivePart(host, sessionId, name, part, sum, op);
    freed += (await host.rule.finish(claimContext(host, place), [part], sum, op)).freedDiskBytes;
  }
  return freed;
}

async function archivePart(
  { archiver, files }: FolderHost,
  id: string,
  name: string,
  part: HeldPart,
  sum: Sum,
  op: OpOptions,
): Promise<void> {
  const source = sourceOfMember(files, part.location, memberOf(part), id);
  if (name !== OUTPUT) {
    const { size } = await archiver.open(id, op);
    const output: Original = { name: OUTPUT, source: { size, read: (range) => archiver.read(id, { range, ...op }) } };
    for (let as = name; ; as = nextName(as)) {
      const result = await archiver.mirror(id, [output, { name: as, source }], op);
      checkMirrored(result, part);
      if (result.files.every(({ outcome }) => outcome !== "differs")) return;
    }
  }
  checkMirrored(await archiver.mirror(id, [{ name, source }], op), part);
  // The output is this content now, until the file in the place is archived as well.
  await archiver.update(
    id,
    (meta) => {
      const originals = originalsIn(meta);
      const member = originals?.members[OUTPUT];
      if (!originals || !member) return meta;
      const { size, crc32 } = sum;
      return withOriginals(meta, {
        ...originals,
        members: { ...originals.members, [OUTPUT]: { ...member, size, crc32, version: "" } },
      });
    },
    op,
  );
}

/** `CONFLICT` for a session that was pruned or forgotten meanwhile: nothing was archived, so the part must stay. */
function checkMirrored({ id, outcome }: MirrorResult, { location }: HeldPart): void {
  if (outcome === "mirrored") return;
  const message = `Session "${id}" was ${outcome}, so "${location}" is not archived: it stays.`;
  throw new ArchiverError("CONFLICT", message, { id });
}

function memberOf({ root, path, look }: HeldPart) {
  return { name: path, root, path, look };
}
