/** The reference implementation of the ports: everything in this process's memory, gone with it. */
import type { Ports } from "../../ports.js";
import { memoryArchives } from "./archives.js";
import { memoryBlobs } from "./blobs.js";
import { memoryObjects } from "./objects.js";

/** All three ports, empty. */
export function memoryPorts(): Ports {
  return { objects: memoryObjects(), blobs: memoryBlobs(), archives: memoryArchives() };
}
