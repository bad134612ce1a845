export { type ChromiumLaunch, chromiumLaunch, launchChromium, launchChromiumIn } from "./chromium.js";
export { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "./corpus.js";
export { FROM_SOURCES } from "./from-sources.js";
export { longTasksDuring } from "./long-tasks.js";
export { cpuMsOf } from "./processor-time.js";
export { SOURCE_ALIASES } from "./sources.js";
export { treeOf } from "./tree.js";
