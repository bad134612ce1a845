export { factsOf, type SessionFacts, type TokenCounts } from "./facts.js";
export { matcherOf } from "./glob.js";
export { parseQuery, type QueryOptions } from "./query/parse-query.js";
export type { LiteralTerm, RegexTerm, SearchQuery, Term } from "./query/query.js";
export type { Coverage } from "./search/coverage.js";
export type { ContextLine, Hit, Line, Snippet } from "./search/hit.js";
export { type Search, search } from "./search/search.js";
export type { MatchCase, SearchOptions, SearchScope } from "./search/search-options.js";
export { type Filtered, type SessionFilter, sessionMatcher } from "./session-filter.js";
