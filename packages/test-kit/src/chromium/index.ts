export { type ChromiumLaunch, chromiumLaunch, launchChromium, launchChromiumIn } from "./launch.js";
export { type PageTime, pageTimeDuring } from "./page-time.js";
export { peakMemory } from "./peak-memory.js";
