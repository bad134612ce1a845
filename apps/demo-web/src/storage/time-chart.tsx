/** Live, archived and saved bytes as they add up over time. */
import { scaleLinear, scaleTime } from "d3-scale";
import { area, curveStepAfter, stack } from "d3-shape";
import type { VNode } from "preact";
import { now } from "../client/now.ts";
import { bytes } from "../ui/format.ts";
import type { SessionRow } from "../worker/api.ts";
import { ChartFrame, SavedPattern } from "./chart-frame.tsx";
import { type GrowthPoint, growth } from "./growth.ts";

const HEIGHT = 240;
const AXIS_PX = 24;
const LEFT_PX = 56;
const PARTS = ["live", "archive", "saved"] as const;
const TABLE_ROWS = 12;
/** Over a longer time the same day could appear twice. */
const DAYS_WITHOUT_YEAR_MS = 300 * 24 * 60 * 60 * 1000;

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

export function TimeChart({ rows }: { readonly rows: readonly SessionRow[] }): VNode | null {
  const points = growth(rows, now.value);
  if (points.length === 0) return null;
  return (
    <ChartFrame
      title="Over time"
      note="Each session from its last activity on, added up, and where its bytes are now."
      draw={(width, id) => <Areas points={points} width={width} id={id} />}
      table={<Table points={points} />}
    />
  );
}

interface AreasProps {
  readonly points: readonly GrowthPoint[];
  readonly width: number;
  readonly id: string;
}

function Areas({ points, width, id }: AreasProps): VNode {
  const from = points[0]?.at ?? 0;
  const last = points.at(-1) ?? { at: 0, live: 0, archive: 0, saved: 0 };
  const x = scaleTime()
    .domain([from, last.at])
    .range([LEFT_PX, width - 8]);
  const tickFormat = last.at - from > DAYS_WITHOUT_YEAR_MS ? month : day;
  const y = scaleLinear()
    .domain([0, Math.max(1, last.live + last.archive + last.saved)])
    .nice(4)
    .range([HEIGHT - AXIS_PX, 10]);
  const layers = stack<GrowthPoint>().keys(PARTS)([...points]);
  const shape = area<(typeof layers)[number][number]>()
    .x((point) => x(point.data.at))
    .y0((point) => y(point[0]))
    .y1((point) => y(point[1]))
    .curve(curveStepAfter);
  return (
    <svg class="chart-svg" width={width} height={HEIGHT} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
      <title id={`${id}-title`}>Live, archived and saved bytes over time</title>
      <desc id={`${id}-desc`}>
        By {dayOfYear.format(last.at)}: {bytes(last.live)} live, {bytes(last.archive)} archived, {bytes(last.saved)}{" "}
        saved. The same figures are in the table below.
      </desc>
      <defs>
        <SavedPattern id={`${id}-saved`} />
      </defs>
      {y.ticks(4).map((tick) => (
        <g key={tick} transform={`translate(0,${y(tick)})`}>
          <line class="chart-grid" x1={LEFT_PX} x2={width - 8} />
          <text class="chart-tick chart-tick-y" x={LEFT_PX - 8} y={4}>
            {bytes(tick)}
          </text>
        </g>
      ))}
      {layers.map((layer) => (
        <path
          key={layer.key}
          class={`chart-${layer.key}`}
          fill={layer.key === "saved" ? `url(#${id}-saved)` : undefined}
          d={shape(layer) ?? ""}
        />
      ))}
      {x.ticks(Math.max(2, Math.floor(width / 130))).map((tick) => (
        <text key={+tick} class="chart-tick" x={x(tick)} y={HEIGHT - 6}>
          {tickFormat.format(tick)}
        </text>
      ))}
    </svg>
  );
}

function Table({ points }: { readonly points: readonly GrowthPoint[] }): VNode {
  const step = (points.length - 1) / TABLE_ROWS;
  const shown = Array.from({ length: TABLE_ROWS + 1 }, (_, index) => points[Math.round(index * step)]);
  return (
    <table class="tabular">
      <thead>
        <tr>
          <th scope="col">Up to</th>
          <th scope="col">Live</th>
          <th scope="col">Archived</th>
          <th scope="col">Saved</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(
          (point) =>
            point && (
              <tr key={point.at}>
                <th scope="row">{dayOfYear.format(point.at)}</th>
                <td>{bytes(point.live)}</td>
                <td>{bytes(point.archive)}</td>
                <td>{bytes(point.saved)}</td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  );
}
