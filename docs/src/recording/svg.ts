/** Draws screens one after the other as one animated picture, without script. */
import type { Run, Screen } from "./terminal.js";

export interface Frame {
  readonly screen: Screen;
  readonly seconds: number;
}

const FONT_SIZE = 14;
const CELL = { width: 8.43, height: 19 };
const EDGE = 16;
const PALETTE = ["#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4"];
const TEXT = "#e6edf3";

/** `label`: what is to be seen, for those who can't see it. */
export function animated(frames: readonly Frame[], columns: number, rows: number, label: string): string {
  const width = Math.ceil(columns * CELL.width + 2 * EDGE);
  const height = rows * CELL.height + 2 * EDGE;
  const total = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  let at = 0;
  const steps = frames.map(({ seconds }, n) => {
    const step = `${((at / total) * 100).toFixed(3)}%{transform:translateY(${-n * height}px)}`;
    at += seconds;
    return step;
  });
  const drawn = frames.map(({ screen }, n) => `<g transform="translate(0 ${n * height})">${drawnScreen(screen)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(label)}</title>`,
    `<style>text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre;fill:${TEXT}}`,
    `.b{font-weight:700}.d{opacity:.6}${PALETTE.map((color, n) => `.c${n}{fill:${color}}`).join("")}`,
    `@keyframes f{${steps.join("")}}#f{animation:f ${total.toFixed(1)}s step-end infinite}`,
    `@media (prefers-reduced-motion:reduce){#f{animation:none;transform:translateY(${-(frames.length - 1) * height}px)}}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g id="f">${drawn.join("\n")}</g></svg>\n`,
  ].join("\n");
}

function drawnScreen(screen: Screen): string {
  return screen.flatMap((row, y) => row.map((run) => drawnRun(run, y))).join("");
}

function drawnRun({ column, text, color, bold, dim }: Run, y: number): string {
  const classes = [...(bold ? ["b"] : []), ...(dim ? ["d"] : []), ...(color === undefined ? [] : [`c${color % 8}`])];
  const look = classes.length > 0 ? ` class="${classes.join(" ")}"` : "";
  const at = `x="${(EDGE + column * CELL.width).toFixed(1)}" y="${EDGE + y * CELL.height + FONT_SIZE}"`;
  // Fonts differ in width: the text is fitted to its columns.
  const length = `textLength="${(text.length * CELL.width).toFixed(1)}"`;
  return `<text ${at} ${length}${look}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
