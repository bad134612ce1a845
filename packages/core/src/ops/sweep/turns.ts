/**
 * Which of several sweepers on one store works on which session: each claims a few before it works on them, so that none is archived
 * twice. Claims only order the work. Nothing relies on them, and what is lost of them is claimed again.
 */
import { type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { Claimed, ObjectStore, OpOptions, StoredObject } from "../../ports.js";
import { pause } from "./pause.js";

/** After this time without a sign of life, another sweeper may have what one has claimed. */
const TTL_MS = 20_000;
const SIGN_MS = 5_000;
/** How often what was let go is given up, if nothing else is asked meanwhile. */
const BEAT_MS = 1_000;
/** Claimed by one call: few, so that the last ones are not all one sweeper's. */
const BATCH = 16;
/** Asked for by one call, of what others hold. Almost all of it is done by then, or still under way. */
const HELD_BATCH = 256;
const MOST_HELD = 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

type Claim = NonNullable<ObjectStore["claim"]>;

export interface Turns {
  /**
   * Those of the objects that are `work`, as they are now, each once it is this sweep's; the others as they are. What others hold
   * comes last, once it is free. `left` gets what others still work on then.
   */
  take(
    objects: AsyncIterable<StoredObject>,
    isWork: (object: StoredObject) => boolean,
    left: (id: string) => void,
  ): AsyncGenerator<StoredObject>;
  /** Takes one again that was let go. `undefined`: it is gone, or another has it. */
  takeAgain(object: StoredObject): Promise<StoredObject | undefined>;
  /** Lets others have it. */
  letGo(id: string): void;
  /** Lets others have all. */
  end(): Promise<void>;
}

/** For a store that knows no claims, everything is this sweep's. */
export function takingTurns(ctx: Context, op: OpOptions): Turns {
  const { objects } = ctx;
  if (!objects.claim) {
    return {
      take: async function* (all) {
        yield* all;
      },
      takeAgain: async (object) => object,
      letGo() {},
      async end() {},
    };
  }
  return new ClaimedTurns(ctx, objects.claim.bind(objects), op);
}

class ClaimedTurns implements Turns {
  readonly #ctx: Context;
  readonly #op: OpOptions;
  readonly #claim: Claim;
  readonly #owner: string;
  readonly #mine = new Set<string>();
  /** To be given up with the next call. */
  #done: string[] = [];
  /** Ids that others hold. */
  #held: string[] = [];
  #askedAt = performance.now();
  #beating: Promise<unknown> = Promise.resolve();
  readonly #timer: ReturnType<typeof setInterval>;
  #hasWarned = false;

  constructor(ctx: Context, claim: Claim, op: OpOptions) {
    this.#ctx = ctx;
    this.#op = op;
    this.#claim = claim;
    this.#owner = ctx.randomId();
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    // In Node, unref stops the timer from keeping the process alive; a browser's timers have no unref.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  async *take(
    objects: AsyncIterable<StoredObject>,
    isWork: (object: StoredObject) => boolean,
    left: (id: string) => void,
  ): AsyncGenerator<StoredObject> {
    let batch: StoredObject[] = [];
    let mostHeld = MOST_HELD;
    for await (const object of objects) {
      if (!isWork(object)) {
        yield object;
        continue;
      }
      if (batch.push(object) < BATCH) continue;
      yield* await this.#some(batch);
      batch = [];
      if (this.#held.length < mostHeld) continue;
      yield* this.#freed();
      mostHeld = MOST_HELD + this.#held.length;
    }
    yield* await this.#some(batch);
    yield* this.#freed();
    // A sweeper that still holds one after the time for which a claim lasts has given a sign of life, and will see to it.
    const start = performance.now();
    for (let pauseMs = FIRST_PAUSE_MS; this.#held.length > 0 && performance.now() - start <= TTL_MS; pauseMs *= 2) {
      await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), this.#op);
      yield* this.#freed();
    }
    for (const id of this.#held) left(id);
  }

  async takeAgain(object: StoredObject): Promise<StoredObject | undefined> {
    const claimed = await this.#call([object.id], this.#op);
    return claimed ? claimed.objects[0] : object;
  }

  letGo(id: string): void {
    if (this.#mine.delete(id)) this.#done.push(id);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    for (const id of this.#mine) this.letGo(id);
    if (this.#done.length > 0) await this.#call([], {});
  }

  #beat(): void {
    const isDue = this.#mine.size > 0 && performance.now() - this.#askedAt >= SIGN_MS;
    if (isDue || this.#done.length > 0) this.#beating = this.#call([], {});
  }

  /** Without claims, what was listed is worked on all the same. */
  async #some(batch: readonly StoredObject[]): Promise<readonly StoredObject[]> {
    if (batch.length === 0) return [];
    const claimed = await this.#call(
      batch.map(({ id }) => id),
      this.#op,
    );
    if (!claimed) return batch;
    this.#held.push(...claimed.held);
    return claimed.objects;
  }

  async *#freed(): AsyncGenerator<StoredObject> {
    const held = this.#held;
    this.#held = [];
    while (held.length > 0) {
      const ids = held.splice(0, HELD_BATCH);
      const claimed = await this.#call(ids, this.#op);
      this.#held.push(...(claimed ? claimed.held : ids));
      yield* claimed?.objects ?? [];
    }
  }

  /** `undefined`, and a warning, if the store fails. */
  async #call(take: readonly string[], op: OpOptions): Promise<Claimed | undefined> {
    const release = this.#done;
    this.#done = [];
    this.#askedAt = performance.now();
    try {
      const { objects, held } = await this.#claim(this.#owner, { take, release }, TTL_MS, op);
      for (const { id } of objects) this.#mine.add(id);
      const byId = new Map(objects.map((object) => [object.id, object]));
      return { objects: take.flatMap((id) => byId.get(id) ?? []), held };
    } catch (error) {
      this.#done.push(...release);
      if (hasCode(error, "ABORTED")) throw error;
      if (!this.#hasWarned) warn(this.#ctx, undefined, error);
      this.#hasWarned = true;
      return undefined;
    }
  }
}
