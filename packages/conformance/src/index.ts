export type { Case } from "./case.js";
export { cases } from "./cases/index.js";
export { conformance, type Runner } from "./conformance.js";
export { type CrashOptions, crashCases, crashCasesWith } from "./crashes/cases.js";
export type {
  ForeignFiles,
  ForeignOpenFile,
  ForeignStep,
  ForeignWriter,
  TakeOutcome,
} from "./foreign/foreign-files.js";
export { type ModelOptions, modelCases } from "./model/cases.js";
export { type CaseResult, type RunOptions, runAll, runCase } from "./run.js";
export { DEFAULT_OFFERS, FEATURES, type Feature, FOREIGN_FEATURES, type Setup, type Subject } from "./subject.js";
