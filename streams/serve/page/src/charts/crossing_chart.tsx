import type { Capacity } from "../api/types";
import { percent } from "../text/chance";
import { Chart, UTC } from "./chart";
import { crossing } from "./crossing";
import { type Palette, translucent } from "./palette";

const HEIGHT = 150;
const LOG = 3;
const FILL_ALPHA = 0.18;
const TICKS: readonly [number, string][] = [
  [1, "1 h"],
  [6, "6 h"],
  [24, "1 day"],
  [168, "7 days"],
  [720, "30 days"],
];

/** The probability that the limit has been reached by then; time is logarithmic, from a quarter of an hour to a month. */
export function CrossingChart({ prediction }: { prediction: Capacity }) {
  const { hours, probability } = crossing(prediction);
  const last = percent(prediction.p_within_30d);
  const draw = (colours: Palette) => {
    const common = {
      stroke: colours.faint,
      font: "12px system-ui, sans-serif",
      grid: { stroke: colours.grid, width: 1 },
      ticks: { show: false },
    };
    return {
      draft: {
        ms: UTC.ms,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, distr: LOG as 3, range: [Math.min(1, hours[0] ?? 1), 720] as [number, number] },
          y: { range: [0, 1] as [number, number] },
        },
        axes: [
          {
            ...common,
            size: 28,
            splits: () => TICKS.map(([at]) => at),
            filter: (_chart: unknown, splits: number[]) => splits,
            values: () => TICKS.map(([, words]) => words),
          },
          { ...common, size: 52, splits: () => [0, 0.5, 1], values: () => ["0 %", "50 %", "100 %"] },
        ],
        series: [
          {},
          {
            stroke: colours.limit,
            width: 2,
            fill: translucent(colours.limit, FILL_ALPHA),
            points: { show: true, size: 6, fill: colours.limit },
          },
        ],
      },
      data: [hours, probability] as [number[], number[]],
    };
  };
  return (
    <figure>
      <Chart
        label={`probability that the limit has been reached by then: ${last} within 30 days`}
        height={HEIGHT}
        stamp={`${prediction.origin_ms} ${prediction.rule}`}
        draw={draw}
      />
      <figcaption>Probability that the limit has been reached by then</figcaption>
    </figure>
  );
}
