/** The writes that wait for a transaction: in several lines, so that none waits behind all the others. */
import type { Call } from "./call.js";

/**
 * `soon`: appends, which come first, since nothing else keeps their callers waiting. `others`. `alone`: those that failed together
 * with others, and are now tried each in a transaction of its own.
 */
export type Line = "soon" | "others" | "alone";

export interface Write {
  readonly call: Call;
  /** Of `performance.now()`. */
  readonly since: number;
  /** Need not be durable when it resolves. */
  readonly late: boolean;
  line: Line;
  work(): unknown;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class WriteQueue {
  #lines: Readonly<Record<Line, Write[]>> = { soon: [], others: [], alone: [] };
  #wasAlone = false;

  add(write: Write): void {
    this.#lines[write.line].push(write);
  }

  /** Takes writes back, before all others of their lines. */
  putBack(writes: readonly Write[]): void {
    for (const write of writes.toReversed()) this.#lines[write.line].unshift(write);
  }

  /** The next one of a line. */
  take(line: Line): Write | undefined {
    return this.#lines[line].shift();
  }

  /** One that must be alone, if the transaction is for it: every other one is, as long as there are other writes as well. */
  takeAlone(): Write | undefined {
    const isTurnOfOthers = this.#wasAlone && (this.has("soon") || this.has("others"));
    const write = isTurnOfOthers ? undefined : this.take("alone");
    this.#wasAlone = write !== undefined;
    return write;
  }

  takeAll(): readonly Write[] {
    const all = this.#all();
    this.keep(() => false);
    return all;
  }

  /** Keeps those of which `mayStay` is true. */
  keep(mayStay: (write: Write) => boolean): void {
    const { soon, others, alone } = this.#lines;
    this.#lines = { soon: soon.filter(mayStay), others: others.filter(mayStay), alone: alone.filter(mayStay) };
  }

  /** Since when the next one of a line has waited. */
  since(line: Line): number {
    return this.#lines[line][0]?.since ?? Number.POSITIVE_INFINITY;
  }

  has(line: Line): boolean {
    return this.#lines[line].length > 0;
  }

  get isEmpty(): boolean {
    return !(this.has("soon") || this.has("others") || this.has("alone"));
  }

  /** Whether none need be durable when it resolves. */
  get isLate(): boolean {
    return this.#all().every(({ late }) => late);
  }

  #all(): readonly Write[] {
    return [...this.#lines.alone, ...this.#lines.soon, ...this.#lines.others];
  }
}
