export { type ChromiumLaunch, chromiumLaunch, launchChromium, launchChromiumIn } from "./chromium.js";
export { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "./corpus.js";
