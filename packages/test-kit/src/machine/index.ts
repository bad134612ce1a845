export { type Child, finish, killAfter, startChild } from "./child.js";
export { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "./corpus.js";
export { FROM_SOURCES } from "./from-sources.js";
export { type Output, outputOf } from "./output.js";
export { cpuMsOf } from "./processor-time.js";
export { SOURCE_ALIASES } from "./sources.js";
export { treeOf } from "./tree.js";
