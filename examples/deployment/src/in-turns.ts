/** Work on one session is done one after the other: a session has one writer at a time. */

export type InTurn = (id: string, work: () => Promise<void>) => Promise<void>;

export function inTurns(): InTurn {
  const last = new Map<string, Promise<void>>();
  return async (id, work) => {
    const mine = (last.get(id) ?? Promise.resolve()).then(work, work);
    last.set(id, mine);
    try {
      await mine;
    } finally {
      if (last.get(id) === mine) last.delete(id);
    }
  };
}
