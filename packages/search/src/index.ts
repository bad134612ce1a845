export { factsOf, type SessionFacts, type TokenCounts } from "./facts.js";
export { matcherOf } from "./glob.js";
export { type Filtered, type SessionFilter, sessionMatcher } from "./session-filter.js";
