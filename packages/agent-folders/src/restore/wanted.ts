/** The files of a session that are to be in their places, as its archive has them. */
import { ArchiverError, type OpOptions, OUTPUT } from "@session-archiver/core";
import type { FolderHost } from "../host.js";
import type { OriginalMember, Originals } from "../originals.js";
import type { Place } from "../source.js";
import { isSameSum, sumOf } from "../sums.js";
import { checkedLocation } from "./check-place.js";
import { judgePlace } from "./judge-place.js";

/** One file. `size` and `crc32` are those of what is archived now, which may be more than was noted. */
export interface WantedFile extends OriginalMember {
  /** In the archive. */
  readonly name: string;
  /** Absolute. */
  readonly location: string;
}

/** The transcript first. Reads the archive. `CORRUPT` if it does not begin with the bytes that were noted. */
export async function wantedFiles(
  host: FolderHost,
  place: Place,
  sessionId: string,
  { members, pending }: Originals,
  op: OpOptions,
): Promise<readonly WantedFile[]> {
  const wanted: WantedFile[] = [];
  for (const [name, member] of Object.entries(members)) {
    const location = await checkedLocation(host, place, member);
    const { size } = await host.archiver.open(sessionId, { name, ...op });
    if (size === 0 && member.size > 0) {
      if (pending) continue;
      throw lacking(sessionId, name);
    }
    const first = pending ? size : member.size;
    const noted = await sumOf(host.archiver.read(sessionId, { name, range: { start: 0, end: first }, ...op }));
    if (!pending && !isSameSum(noted, member)) {
      // A file that went back to an earlier version is noted as it lies there: the archive has it as a version only.
      const inPlace = { ...member, name, location };
      if ((await judgePlace(host, inPlace)).is !== "there") throw lacking(sessionId, name);
      wanted.push(inPlace);
      continue;
    }
    // The transcript may have gone on in the archive; other files are as they were when they were taken.
    const all =
      name === OUTPUT && size > first
        ? await sumOf(host.archiver.read(sessionId, { name, range: { start: first, end: size }, ...op }), noted)
        : noted;
    wanted.push({ ...member, ...all, name, location });
  }
  return wanted.sort((a, b) => Number(b.name === OUTPUT) - Number(a.name === OUTPUT));
}

function lacking(id: string, name: string): ArchiverError {
  const message = `The archive of session "${id}" does not begin with what was noted of its file "${name}": nothing was put back. Run verify, and read it with cat or export.`;
  return new ArchiverError("CORRUPT", message, { id });
}
