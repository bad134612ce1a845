/** Files that are open while one step looks at them. */
import type { Files, OpenFile } from "../files.js";
import type { HeldPart } from "./claim-types.js";
import type { Piece } from "./content.js";

/** One part, and those of its bytes that count here. */
export interface Source {
  readonly part: HeldPart;
  readonly piece: Piece;
}

/** Opens files, and closes all of them at the end of `run`. */
export async function withOpened<T>(files: Files, run: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = new Opened(files);
  try {
    return await run(opened);
  } finally {
    await opened.close();
  }
}

export class Opened {
  readonly #files: Files;
  readonly #open: OpenFile[] = [];

  constructor(files: Files) {
    this.#files = files;
  }

  async open(path: string): Promise<OpenFile | undefined> {
    const file = await this.#files.open(path);
    if (file) this.#open.push(file);
    return file;
  }

  /** The bytes that a file has now, from `start` on. */
  async piece(path: string, start = 0): Promise<Piece | undefined> {
    const file = await this.open(path);
    return file && { file, start, end: Math.max(start, (await file.look()).size) };
  }

  async close(): Promise<void> {
    for (const file of this.#open.splice(0)) await file.close();
  }
}
