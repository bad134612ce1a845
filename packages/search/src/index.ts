export { factsOf, type SessionFacts, type TokenCounts } from "./facts.js";
export { matcherOf } from "./glob.js";
export { type SessionFilter, sessionMatcher } from "./session-filter.js";
