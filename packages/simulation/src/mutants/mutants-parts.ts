/** Rules of files that lie in several parts. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

export const partsMutants: readonly Mutant[] = [
  coreMutant(
    "parts-not-named",
    "A session needs all parts of its files. Instead gc knows the first part only.",
    inFile(
      "session/archive-keys.ts",
      "archivedFiles(id, meta).flatMap((file) => partsOfFile(file).map(({ key }) => key))",
      "archivedFiles(id, meta).map((file) => file.archiveKey)",
    ),
  ),
  coreMutant(
    "index-of-fewer-parts",
    "A read that looks again takes a new index if the last part is another. Instead it goes by the first part.",
    inFile("read/archive-end.ts", "known && lastKey(known) === lastKeyOf(file)", "known?.key === file.archiveKey"),
  ),
  coreMutant(
    "part-follows-the-wrong-end",
    "A part goes behind those that the snapshot shows. Instead it takes the place of the last one.",
    inFile("ops/archive/write-file.ts", "joined(before, kept, made)", "joined(before, Math.max(1, kept - 1), made)"),
  ),
];
