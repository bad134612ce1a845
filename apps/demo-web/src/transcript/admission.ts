/**
 * Spreads the drawing of new rows over frames: a page of lines that arrives at once would otherwise be parsed, drawn
 * and laid out in one task.
 */
export interface Admission {
  /** Whether the row may be drawn now. A row that was admitted stays admitted as long as each pass asks for it. */
  admit(index: number, chars: number): boolean;
  /** Call it after each drawing pass, with that pass's rows: forgets all other rows, and requests a frame if any row waits. */
  settle(drawn: ReadonlySet<number>): void;
  close(): void;
}

const ROWS_A_FRAME = 6;
const CHARS_A_FRAME = 48_000;

export function createAdmission(
  redraw: () => void,
  frames: { request: (run: () => void) => number; cancel: (handle: number) => void } = {
    request: (run) => requestAnimationFrame(run),
    cancel: (handle) => cancelAnimationFrame(handle),
  },
): Admission {
  const admitted = new Set<number>();
  let rows = 0;
  let chars = 0;
  let waiting = false;
  let frame: number | null = null;
  return {
    admit(index, length) {
      if (admitted.has(index)) return true;
      // The first row is always admitted, however long it is.
      if (rows > 0 && (rows >= ROWS_A_FRAME || chars + length > CHARS_A_FRAME)) {
        waiting = true;
        return false;
      }
      rows++;
      chars += length;
      admitted.add(index);
      return true;
    },
    settle(drawn) {
      for (const index of admitted) if (!drawn.has(index)) admitted.delete(index);
      if (rows === 0 && !waiting) return;
      frame ??= frames.request(() => {
        frame = null;
        rows = 0;
        chars = 0;
        const again = waiting;
        waiting = false;
        if (again) redraw();
      });
    },
    close() {
      if (frame !== null) frames.cancel(frame);
    },
  };
}
