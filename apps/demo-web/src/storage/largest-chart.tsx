/** The largest sessions: how many bytes of each are live, in the archive, and saved. */
import { scaleBand, scaleLinear } from "d3-scale";
import type { VNode } from "preact";
import { savedBytes } from "../client/storage.ts";
import { bytes } from "../ui/format.ts";
import type { SessionRow } from "../worker/api.ts";
import { ChartFrame, SavedPattern } from "./chart-frame.tsx";

const SHOWN = 12;
const BAR_PX = 34;
const AXIS_PX = 24;
/** The figure to the right of the bars. */
const FIGURE_PX = 72;
const TITLE_PX = 14;

export function LargestChart({ rows }: { readonly rows: readonly SessionRow[] }): VNode {
  const held = rows.filter((row) => row.state !== "pruned" && row.rawBytes > 0);
  const largest = held.sort((a, b) => b.rawBytes - a.rawBytes).slice(0, SHOWN);
  return (
    <ChartFrame
      title="Largest sessions"
      note={`The ${largest.length} that hold the most bytes, and where those bytes are.`}
      draw={(width, id) => <Bars rows={largest} width={width} id={id} />}
      table={<Table rows={largest} />}
    />
  );
}

interface BarsProps {
  readonly rows: readonly SessionRow[];
  readonly width: number;
  readonly id: string;
}

function Bars({ rows, width, id }: BarsProps): VNode {
  const height = rows.length * BAR_PX + AXIS_PX;
  const most = Math.max(1, ...rows.map(wholeOf));
  const x = scaleLinear()
    .domain([0, most])
    .range([0, width - FIGURE_PX]);
  const y = scaleBand()
    .domain(rows.map((row) => row.id))
    .range([0, height - AXIS_PX]);
  return (
    <svg class="chart-svg" width={width} height={height} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
      <title id={`${id}-title`}>Largest sessions</title>
      <desc id={`${id}-desc`}>
        Bars of the {rows.length} largest sessions, from {bytes(most)} down. The same figures are in the table below.
      </desc>
      <defs>
        <SavedPattern id={`${id}-saved`} />
      </defs>
      {x.ticks(Math.max(2, Math.floor(width / 160))).map((tick) => (
        <g key={tick} transform={`translate(${x(tick)},0)`}>
          <line class="chart-grid" y2={height - AXIS_PX} />
          <text class="chart-tick" y={height - 6}>
            {bytes(tick)}
          </text>
        </g>
      ))}
      {rows.map((row) => (
        <Bar key={row.id} row={row} top={y(row.id) ?? 0} x={x} width={width} hatch={`${id}-saved`} />
      ))}
    </svg>
  );
}

interface BarProps {
  readonly row: SessionRow;
  readonly top: number;
  readonly x: (value: number) => number;
  readonly width: number;
  readonly hatch: string;
}

function Bar({ row, top, x, width, hatch }: BarProps): VNode {
  const parts = [
    ["chart-live", row.liveBytes],
    ["chart-archive", row.archiveBytes],
    ["chart-saved", savedBytes(row)],
  ] as const;
  let from = 0;
  return (
    <g class="chart-bar">
      <title>
        {row.title}: {parts.map(([part, size]) => `${bytes(size)} ${part.slice(6)}`).join(", ")}
      </title>
      <rect class="chart-hit" y={top} width={width} height={BAR_PX} />
      <text class="chart-label" y={top + TITLE_PX}>
        {shorten(row.title, width)}
      </text>
      {parts.map(([part, size]) => {
        const start = from;
        from += size;
        const fill = part === "chart-saved" ? `url(#${hatch})` : undefined;
        return (
          <rect key={part} class={part} fill={fill} x={x(start)} y={top + 19} width={x(size)} height={9} rx={1.5} />
        );
      })}
      <text class="chart-figure" x={x(wholeOf(row)) + 8} y={top + 27.5}>
        {bytes(row.rawBytes)}
      </text>
    </g>
  );
}

function wholeOf(row: SessionRow): number {
  return row.liveBytes + row.archiveBytes + savedBytes(row);
}

/** SVG text has no ellipsis; 6.4 px is about the width of a character at this size. */
function shorten(text: string, pixels: number): string {
  const fits = Math.floor(pixels / 6.4);
  return text.length <= fits ? text : `${text.slice(0, fits - 1).trimEnd()}…`;
}

function Table({ rows }: { readonly rows: readonly SessionRow[] }): VNode {
  return (
    <table class="tabular">
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col">Live</th>
          <th scope="col">Archived</th>
          <th scope="col">Saved</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">{row.title}</th>
            <td>{bytes(row.liveBytes)}</td>
            <td>{bytes(row.archiveBytes)}</td>
            <td>{bytes(savedBytes(row))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
