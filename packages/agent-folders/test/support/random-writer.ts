/** A program that appends to a file now and then: by its path, or through descriptors that it keeps open. */
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, writeSync } from "node:fs";

interface Kept {
  readonly descriptor: number;
  readonly identity: string;
}

export class RandomWriter {
  /** Each line that it has written, in this order. */
  readonly lines: string[] = [];
  #kept: Kept[] = [];
  readonly #path: string;
  readonly #random: () => number;
  readonly #most: number;
  readonly #chances: { readonly append: number; readonly open: number };

  /** `most`: how many lines it may write. `random`: from 0 to 1. */
  constructor(path: string, most: number, random: () => number) {
    this.#path = path;
    this.#most = most;
    this.#random = random;
    this.#chances = { append: random() < 0.5 ? 0.03 : 0.12, open: random() < 0.5 ? 0 : 0.02 };
  }

  act(): void {
    if (this.#random() < this.#chances.append) this.#write((line) => appendFileSync(this.#path, line, { mode: 0o600 }));
    if (this.#random() < this.#chances.open && existsSync(this.#path)) this.#open();
    const [kept] = this.#kept;
    if (kept && this.#random() < 0.05) this.#write((line) => writeSync(kept.descriptor, line));
    if (this.#random() < 0.05) this.#close(1);
  }

  hasOpen(identity: string): boolean {
    return this.#kept.some((kept) => kept.identity === identity);
  }

  closeAll(): void {
    this.#close(this.#kept.length);
  }

  #open(): void {
    const descriptor = openSync(this.#path, "a");
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    this.#kept.push({ descriptor, identity: `${dev}:${ino}` });
  }

  #close(count: number): void {
    for (const { descriptor } of this.#kept.splice(0, count)) closeSync(descriptor);
  }

  #write(write: (line: string) => void): void {
    if (this.lines.length === this.#most) return;
    const line = `{"n":${this.lines.length + 100}}\n`;
    write(line);
    this.lines.push(line);
  }
}
