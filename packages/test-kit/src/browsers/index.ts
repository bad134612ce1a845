export type { DrivenBrowser, DrivenPage } from "./driven.js";
export { ENGINES, type Engine, enginesHere, whyMissing } from "./engines.js";
export { launchBrowser } from "./launch.js";
export { startBrowser } from "./start.js";
