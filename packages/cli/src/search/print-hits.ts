/** Prints hits below a head for each session; lines around them that overlap are shown once. */
import type { ContextLine, Hit } from "@session-archiver/search";
import { loadMeasure } from "../output/width.js";
import { besideLine, type HitLook, headText, hitLine } from "./hit-text.js";
import type { Print } from "./print.js";

export const printHits: Print = async (search, output) => {
  const { style, isTerminal } = output;
  const columns = isTerminal ? output.columns : Number.POSITIVE_INFINITY;
  const flow = hitFlow({ style, columns, measure: await loadMeasure() });
  for await (const hit of search) await output.raw(textOf(flow.add(hit)));
  await output.raw(textOf(flow.end()));
  return flow.sessions();
};

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

interface HitFlow {
  /** The lines to print by then. */
  add(hit: Hit): readonly string[];
  end(): readonly string[];
  /** Number of sessions with hits. */
  sessions(): number;
}

function hitFlow(look: HitLook): HitFlow {
  let sessions = 0;
  let last: Hit | undefined;
  /** Lines after the last hit, which may turn out to be hits themselves. */
  let waiting: readonly ContextLine[] = [];
  const before = (line: number): readonly ContextLine[] => waiting.filter((one) => one.line < line);
  const rest = (): readonly string[] => waiting.map((one) => besideLine(one, look));
  return {
    add(hit) {
      const isNew = last?.session.id !== hit.session.id;
      if (isNew) sessions++;
      const isElsewhere = isNew || last?.file !== hit.file;
      const head = isNew ? [...(sessions > 1 ? [""] : []), headText(hit, look)] : [];
      if (isElsewhere || !last) {
        const lines = [...rest(), ...head, ...hit.before.map((one) => besideLine(one, look)), hitLine(hit, look)];
        waiting = hit.after;
        last = hit;
        return lines;
      }
      const behind = before(hit.line);
      const shown = behind.at(-1)?.line ?? last.line;
      const ahead = hit.before.filter(({ line }) => line > shown);
      const isApart = hit.before.length + hit.after.length > 0 && (ahead[0] ?? hit).line > shown + 1;
      const lines = [...behind, ...ahead].map((one) => besideLine(one, look));
      if (isApart) lines.splice(behind.length, 0, "--");
      waiting = hit.after;
      last = hit;
      return [...lines, hitLine(hit, look)];
    },
    end: rest,
    sessions: () => sessions,
  };
}
