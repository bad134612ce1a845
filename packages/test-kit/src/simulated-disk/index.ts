export type { StoredArchive } from "./archives.js";
export { type Content, type Disk, type DiskOptions, simulatedDisk } from "./disk.js";
