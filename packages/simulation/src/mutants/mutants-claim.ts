/** Rules of claims: how a file of another program is taken from its place. */
import { inFile, type Mutant, type Patch } from "./core-mutant.js";

function claimMutant(name: string, weakens: string, ...patches: readonly Patch[]): Mutant {
  return { name, package: "agent-folders", weakens, patches };
}

/** Both times: otherwise the end of the claim finds what its beginning has passed over. */
const BYTES_NOT_COMPARED_ASIDE: readonly Patch[] = [
  inFile("claim/take-aside.ts", " && isSameExtent(await extentOf(file, claimed.size, op), claimed);", ";"),
  inFile("claim/release.ts", " && isSameExtent(await extentOf(file, now.size), extent);", ";"),
];

const BYTES_NOT_COMPARED_IN_PLACE: Patch = inFile(
  "claim/examine.ts",
  "    isSameExtent(await extentOf(file, look.size, op), claimed) &&\n",
  "",
);

const takingMutants: readonly Mutant[] = [
  claimMutant(
    "not-looked-at-again",
    "What lies aside must be the file that was compared. Instead whatever the rename has moved counts as it.",
    inFile("claim/take-aside.ts", "if (moved?.identity !== look.identity) return", "if (!moved) return"),
    inFile("claim/take-aside.ts", " && look.links === 1", ""),
    inFile("claim/release.ts", "  if (now.links !== 1) return false;\n", ""),
  ),
  claimMutant(
    "bytes-not-read-again",
    "All bytes are compared again when the file is aside. Instead its size and times are.",
    ...BYTES_NOT_COMPARED_ASIDE,
  ),
  claimMutant(
    "times-trusted",
    "All bytes of a file are compared with what is archived. Instead its size and times are.",
    ...BYTES_NOT_COMPARED_ASIDE,
    BYTES_NOT_COMPARED_IN_PLACE,
    inFile("claim/examine.ts", "now.ctimeNs === archived.ctimeNs", "now.mtimeNs === archived.mtimeNs"),
  ),
  claimMutant(
    "size-trusted",
    "A file that has changed in any way is left alone. Instead its size alone counts.",
    ...BYTES_NOT_COMPARED_ASIDE,
    BYTES_NOT_COMPARED_IN_PLACE,
    inFile(
      "claim/examine.ts",
      "isSameLook(now, archived) && now.ctimeNs === archived.ctimeNs",
      "now.size === archived.size",
    ),
    inFile(
      "claim/release.ts",
      "a.identity === b.identity && a.size === b.size && a.mtimeNs === b.mtimeNs",
      "a.size === b.size",
    ),
  ),
  claimMutant(
    "earlier-claim-ignored",
    "A place of which something is held already is not claimed again. Instead it is.",
    inFile("claim/examine.ts", "(await partsOf(ctx.files, claimed)).length > 0", "claimed.size < 0"),
  ),
];

const releasingMutants: readonly Mutant[] = [
  claimMutant(
    "open-files-ignored",
    "A file that a process has open is not unlinked. Instead nobody looks.",
    inFile(
      "claim/release.ts",
      "const shown = await Promise.all(parts.map(({ look }) => ctx.check.writers(look, op)));",
      `const shown: string[] = parts.map(() => "nobody");`,
    ),
  ),
  claimMutant(
    "unknown-is-nobody",
    "Where nothing shows who has a file open, it is held for a day. Instead it is unlinked at once.",
    inFile("claim/release.ts", `shown[index] !== "nobody" && !isOld`, `shown[index] === "somebody" && !isOld`),
  ),
  claimMutant(
    "released-in-the-next-run",
    "A part is held for 24 hours. Instead the next run may release it.",
    inFile("claim/release-copies.ts", "return now - at >= DAY_MS;", "return now - at >= 0;"),
  ),
  claimMutant(
    "no-last-look",
    "The file stays open over the unlink, for a last look. Instead it is given up with its name.",
    inFile(
      "claim/release.ts",
      "if (!(await isSameContent(part))) late.push(part);",
      "if (part.extent.size < 0) late.push(part);",
    ),
  ),
  claimMutant(
    "last-bytes-not-written",
    "Bytes that came after all are written out from the open file. Instead they are only counted.",
    inFile("claim/release.ts", "  for (const part of late) await writeOut(ctx, part);\n", ""),
  ),
  claimMutant(
    "released-by-size",
    "A part goes if its bytes are elsewhere. Instead it goes if as many bytes are.",
    inFile("claim/release-copies.ts", "known && isSameExtent(known, extent)", "known && known.size === extent.size"),
  ),
];

const publishingMutants: readonly Mutant[] = [
  claimMutant(
    "renamed-over",
    "A whole is published by link, which replaces nothing. Instead it is renamed to its place.",
    inFile("claim/publish.ts", "await files.link(part.location, path);", "await files.rename(part.location, path);"),
  ),
  claimMutant(
    "place-cleared-first",
    "What has come to the place first is joined as well. Instead it is unlinked before the whole is published.",
    inFile(
      "claim/publish.ts",
      "  await files.link(part.location, path);",
      "  await files.unlink(path);\n  await files.link(part.location, path);",
    ),
  ),
  claimMutant(
    "fragment-left",
    "A fragment at the place is taken aside too. Instead it is left there.",
    inFile("claim/publish.ts", `return take(ctx, place, parts, "fragment");`, "return {};"),
  ),
  claimMutant(
    "fragment-is-the-whole",
    "A file at the place is compared with the parts. Instead it counts as the whole.",
    inFile("claim/content.ts", "if (await isSameStart(earlier, later, common))", "if (common >= 0)"),
  ),
  claimMutant(
    "twin-by-size",
    "A part with the identity of the published file is a second name of it. Instead one of the same size is.",
    inFile("claim/tidy.ts", "look.identity === there?.identity", "look.size === there?.size"),
  ),
  claimMutant(
    "names-not-synced",
    "The published name is durable before the part's own name goes. Instead it may be lost with the power.",
    inFile("claim/tidy.ts", "  await files.sync(folderOf(placePath(place)));\n", ""),
  ),
  claimMutant(
    "growth-forgotten",
    "What a part has grown by since it was copied is joined later. Instead a copied part counts as done.",
    inFile("claim/sources.ts", "part.look.size !== copied.size", "part.look.size < 0"),
    inFile("claim/release-copies.ts", "known && isSameExtent(known, extent)", "known && known.size <= extent.size"),
  ),
  claimMutant(
    "copied-not-noted",
    "The names of parts say what was copied of them. Instead they stay as they are.",
    inFile(
      "claim/tidy.ts",
      "  for (const { from, to } of renames) await files.rename(from, to);",
      "  if (renames.length > 0) return false;",
    ),
  ),
  claimMutant(
    "torn-whole-counts",
    "A whole that may have been cut short is dropped. Instead it counts.",
    inFile("claim/tidy.ts", "(await dropTorn(ctx, parts)) || ", ""),
  ),
];

export const claimMutants: readonly Mutant[] = [...takingMutants, ...releasingMutants, ...publishingMutants];
