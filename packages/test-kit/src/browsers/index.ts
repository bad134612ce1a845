export type { DrivenBrowser, DrivenPage } from "./driven.js";
export { ENGINES, type Engine, enginesHere, whyMissing } from "./engines.js";
export { startGroup } from "./group.js";
export { launchBrowser } from "./launch.js";
export { type StartOptions, startBrowser } from "./start.js";
