export type { Usage } from "./agent.js";
export { agentName } from "./agents.js";
export { excerpt, words } from "./blocks/excerpt.js";
export { languageOf, languageOfFence } from "./blocks/language.js";
export { diffStat } from "./blocks/patch.js";
export {
  type ClaudeCodeAnswer,
  type ClaudeCodePart,
  type ClaudeCodeSession,
  type ClaudeCodeStamp,
  type ClaudeCodeToolResult,
  type ClaudeCodeWriter,
  claudeCodeSummary,
  claudeCodeWriter,
} from "./claude-code/write.js";
export {
  type CodexOutput,
  type CodexSession,
  codexHead,
  codexMessage,
  codexPatchCall,
  codexPatchOutput,
  codexShellCall,
  codexShellOutput,
  codexTokens,
} from "./codex/write.js";
export { type Describer, type Description, describer } from "./describe.js";
export type {
  Block,
  CallBlock,
  CodeBlock,
  ContextBlock,
  Detail,
  DiffBlock,
  DiffLine,
  Entry,
  EventBlock,
  Flaw,
  Hunk,
  ImageBlock,
  ImageType,
  JsonBlock,
  OutputBlock,
  ParsedLine,
  RawBlock,
  ResultBlock,
  Role,
  TextBlock,
  ThinkingBlock,
  TodosBlock,
} from "./entry.js";
export { type Identifier, type Identity, identifier, identify } from "./identify.js";
export { type JsonObject, parseJson, printJson } from "./json.js";
export { type AgentId, agentIds, isAgentId, kindOfLine, type TranscriptKind } from "./kind.js";
export { type LineReader, LONGEST_LINE, lineReader } from "./lines/line-reader.js";
export { parseLine } from "./lines/parse-line.js";
export type { SessionFacts } from "./tally.js";
export { shorten, userWords, type Words } from "./title.js";
export {
  type KnownFacts,
  type OpenDescription,
  type TranscriptDescriber,
  transcriptDescriber,
} from "./transcript-describer.js";
export type { FactValues, Json } from "./values.js";
export { NotZstd } from "./zstd/frames.js";
export { type FrameDecoder, fedBy, type PushDecoder, unzstd } from "./zstd/unzstd.js";
