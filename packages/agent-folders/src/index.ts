export type { FileLook, Files, NewFile, OpenFile } from "./files.js";
export type { OriginalMember, Originals, OriginalsState, Run } from "./originals.js";
export type {
  AgentSource,
  Arranged,
  Env,
  KnownTranscript,
  LeftOut,
  LiveCheck,
  LiveOptions,
  Member,
  Place,
  RestoredFile,
  Root,
  Scan,
  ScanOptions,
  Unit,
} from "./source.js";
