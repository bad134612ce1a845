export { type FilesDisk, type FilesDiskOptions, simulatedFiles } from "./disk.js";
export type { FilesProcess } from "./files.js";
export type { Inode } from "./inode.js";
export type { NamesObserver } from "./names.js";
export type { WriterFile, WriterFiles } from "./writer-files.js";
