/** Past forecasts, made one emission ahead, with the values that came. */

import type uPlot from "uplot";
import type { SeriesPage } from "../api/types";
import { unitOf } from "../text/quantity";
import { Chart, UTC } from "./chart";
import { outside } from "./coverage";
import { axes } from "./drafts";
import { type Column, extent } from "./fan";
import { type Palette, translucent } from "./palette";

const HEIGHT = 200;
const BAND_ALPHA = 0.25;

export function PastChart({ page }: { page: SeriesPage }) {
  const { past } = page;
  const unit = unitOf(page.metric, page.transform);
  const draw = (colours: Palette) => {
    const columns: Column[] = [past.q10, past.q90, past.q50, past.came, outside(past)];
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    const series: uPlot.Series[] = [
      {},
      edge,
      edge,
      { stroke: colours.fan, width: 1.5, dash: [3, 3], points: { show: false } },
      { stroke: colours.data, width: 1.2, points: { show: true, size: 4, fill: colours.data } },
      { stroke: colours.alarm, width: 0, paths: () => null, points: { show: true, size: 7, fill: colours.alarm } },
    ];
    return {
      draft: {
        ...UTC,
        series,
        bands: [{ series: [2, 1] as [number, number], fill: translucent(colours.fan, BAND_ALPHA) }],
        axes: axes(colours, unit),
        legend: { show: false },
        cursor: { y: false },
        scales: { y: { range: extent(columns) } },
      },
      data: [past.t_ms, ...columns] as uPlot.AlignedData,
    };
  };
  return (
    <figure>
      <div class="legend">
        <span class="key fan">80 % band</span>
        <span class="key data">came</span>
        <span class="key outside">came outside</span>
      </div>
      <Chart
        label="past forecasts and what came"
        height={HEIGHT}
        stamp={`${past.t_ms.at(-1)} ${past.t_ms.length}`}
        draw={draw}
      />
    </figure>
  );
}
