/**
 * The door for programs that read archives themselves: names of files in a sink, manifests, run records, checksums, and
 * the meaning of a session's metadata. `docs/archive-format.md` describes the format.
 */
export { areEqual, bytesOf, concat, toBytes } from "./bytes.js";
export * from "./errors.js";
export { type ArchiveName, archiveNamed } from "./format/archive-named.js";
export { combineCrc32, crc32 } from "./format/crc32.js";
export { inlineManifest, MAX_HEADER_BYTES } from "./format/gzip/extra-field.js";
export { manifestsApart } from "./format/inline-manifest.js";
export {
  type Followed,
  isRecordKey,
  MAX_ARCHIVABLE_ID_LENGTH,
  type ParsedKey,
  parseKey,
  sessionIdOf,
} from "./format/keys.js";
export type { FileIndex, Manifest, ManifestFile, Part, Segment } from "./format/manifest.js";
export { decodeManifest } from "./format/manifest-decode.js";
export { type Facts, type Member, type Source, sourceOf } from "./format/origin.js";
export { countLines, type LineCount, type LineCounter, lineCounter, timestampOf } from "./jsonl.js";
export type { Bytes, Json, Meta } from "./ports.js";
export type { Change, ChangeKind } from "./run-records/changes.js";
export type { Run, RunRecord } from "./run-records/record.js";
export { type ArchivedFile, type ArchivedPart, archivedFiles, partsOfFile } from "./session/archived-file.js";
export { KEY, OUTPUT } from "./session/metadata.js";
export { type SessionState, stateOf } from "./session/state.js";
export { isTime, timeOf } from "./time.js";
