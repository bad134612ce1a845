export { type ChromiumLaunch, chromiumLaunch, launchChromium, launchChromiumIn } from "./launch.js";
export { longTasksDuring } from "./long-tasks.js";
export { peakMemory } from "./peak-memory.js";
