/** The files that were dropped or picked, and those in dropped folders, each with its path from the dropped item. */
import type { ImportFile } from "../worker/api.ts";

/** Call it inside the drop event: the browser forgets the items right after it. */
export function droppedFiles(data: DataTransfer): () => Promise<readonly ImportFile[]> {
  const entries = [...data.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry());
  const loose = [...data.files];
  return async () => {
    const found: ImportFile[] = [];
    for (const entry of entries) if (entry) await walk(entry, found);
    return found.length > 0 ? found : loose.map((file) => ({ path: file.name, file }));
  };
}

export function pickedFiles(files: FileList): readonly ImportFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function walk(entry: FileSystemEntry, found: ImportFile[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ""), file });
  } else if (isFolder(entry)) {
    for (const child of await childrenOf(entry)) await walk(child, found);
  }
}

/** The browser returns a folder's entries in batches; an empty batch means the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return children;
    children.push(...batch);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
