/** Knows from the writers' notes what each session must hold, and checks that it does. */
import { createArchiver } from "@session-archiver/core";
import { described, look } from "./look.js";
import { fits, type SessionModel, type State, sessionModel } from "./model.js";
import { type Output, outputIn } from "./output.js";
import type { ChildSession, Note, OpenedStore, Role } from "./protocol.js";

export interface SessionPlan {
  readonly id: string;
  /** Path of its agent's output. */
  readonly output: string;
  /** The only role that writes to the session and gives its bytes up. */
  readonly writer: Role;
}

export interface Observer {
  /** The sessions for a child of this role: a writer's own, or all. */
  sessionsFor(role: Role): readonly ChildSession[];
  /** To be called with all notes of the children, in order. */
  take(notes: readonly Note[]): void;
  /**
   * Looks at every session. `catchUp` reads the notes of living children, whose sessions may change meanwhile. Rejects if
   * one is not as it must be. Bytes looked at.
   */
  check(alive: readonly Role[], catchUp: () => void): Promise<number>;
}

interface Session extends SessionPlan {
  readonly source: Output;
  readonly model: SessionModel;
}

export function observe(plans: readonly SessionPlan[], store: OpenedStore): Observer {
  const sessions = plans.map(
    (plan): Session => ({ ...plan, source: outputIn(plan.output), model: sessionModel(plan.id) }),
  );
  const archiver = createArchiver(store);

  async function checkOne({ id, source, model, writer }: Session, alive: readonly Role[], catchUp: () => void) {
    const quiet = !alive.includes(writer);
    const seen = model.watch();
    const sight = await look(archiver, store, id, quiet);
    catchUp();
    const possible = seen();
    const isRight = (state: State): boolean => fits(state, sight, source);
    if (!(quiet ? model.settleOn(isRight) : possible.some(isRight))) {
      const expected = possible.map(({ base, end, tombstone }) => `[${base}, ${end}) ${tombstone}`).join(" or ");
      throw new Error(`Session "${id}" is wrong: found ${described(sight)}; must be ${expected}.`);
    }
    return sight.kind === "bytes" ? sight.bytes.length : 0;
  }

  return {
    sessionsFor(role) {
      const own = sessions.filter(({ writer }) => role === "archiver" || writer === role);
      return own.map(({ id, output, model }) => ({
        id,
        output,
        end: Math.max(...model.possible().map(({ end }) => end)),
      }));
    },
    take(notes) {
      for (const note of notes) {
        if (!("id" in note)) continue;
        const model = sessions.find(({ id }) => id === note.id)?.model;
        if (!model) throw new Error(`A note names an unknown session: ${JSON.stringify(note)}`);
        if (note.note === "begin") model.begin(note.operation);
        else model.end(note.note, note.note === "refused" ? note.code : undefined);
      }
    },
    async check(alive, catchUp) {
      catchUp();
      let bytes = 0;
      for (const session of sessions) bytes += await checkOne(session, alive, catchUp);
      return bytes;
    },
  };
}
