/** The course of a series, the fan that continues it, and its limits. */

import { useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Forecast, SeriesPage } from "../api/types";
import { now } from "../state/clock";
import { inFull } from "../text/moment";
import { quantity, type Unit, unitOf } from "../text/quantity";
import { Chart, UTC } from "./chart";
import { axes, fanColumns, fanSeries } from "./drafts";
import { extent, type Fan, fan, type Quantiles } from "./fan";
import { instantMark, levelMark, spanMark } from "./marks";
import { type Palette, translucent } from "./palette";

const HEIGHT = 320;
const ANOMALY_ALPHA = 0.12;

export function SeriesChart({ page }: { page: SeriesPage }) {
  const [fit, setFit] = useState(false);
  const [under, setUnder] = useState<string | null>(null);
  const limits = limitsOf(page);
  const shown = fan(page.history, page.forecast === null ? null : quantilesOf(page.forecast), stepOf(page));
  const unit = unitOf(page.metric, page.transform);
  const draw = (colours: Palette) => {
    const columns = fanColumns(shown);
    const range = extent(columns.slice(1) as (number | null)[][], fit ? [] : limits);
    return {
      draft: {
        ...UTC,
        ...fanSeries(shown, colours),
        axes: axes(colours, unit),
        legend: { show: false },
        scales: { y: { range } },
        cursor: { y: false, drag: { x: true, y: false } },
        hooks: {
          drawClear: anomalyMarks(page, colours),
          draw: marksOf(page, limits, colours),
          setCursor: [(chart: uPlot) => setUnder(readout(shown, chart.cursor.idx ?? null, unit))],
        },
      },
      data: columns,
    };
  };
  return (
    <figure>
      <div class="legend">
        <span class="key data">measured</span>
        <span class="key median">median</span>
        <span class="key fan">forecast, 80 % in the band</span>
        {limits.length > 0 && <span class="key limit">limit</span>}
        {limits.length > 0 && (
          <label>
            <input type="checkbox" checked={fit} onChange={() => setFit(!fit)} /> without the limit
          </label>
        )}
      </div>
      <Chart label={description(page, unit)} height={HEIGHT} stamp={`${stampOf(page)} ${fit}`} draw={draw} />
      <p class="readout" aria-hidden="true">
        {under ?? "Point at the chart for values, drag over it to look closer, double click to see all of it again."}
      </p>
    </figure>
  );
}

function quantilesOf(forecast: Forecast): Quantiles {
  const t_ms = forecast.horizon_steps.map((steps) => forecast.origin_ms + steps * forecast.step_ms);
  return { t_ms, levels: forecast.levels, rows: forecast.quantiles };
}

/** Gaps are told by the step; without one nothing is known of it. */
function stepOf(page: SeriesPage): number {
  return page.step_ms ?? Number.POSITIVE_INFINITY;
}

function limitsOf(page: SeriesPage): number[] {
  return [...page.capacity.map((one) => one.limit), ...page.failures.map((one) => one.threshold)];
}

function marksOf(page: SeriesPage, limits: readonly number[], colours: Palette) {
  const marks = limits.map((limit) => levelMark(limit, colours.limit));
  const last_ms = page.history.t_ms.at(-1);
  if (last_ms !== undefined) marks.push(instantMark(last_ms, colours.faint));
  return marks;
}

function anomalyMarks(page: SeriesPage, colours: Palette) {
  const colour = translucent(colours.alarm, ANOMALY_ALPHA);
  return page.anomalies.map((one) => spanMark(one.start_ms, one.end_ms ?? now.value, colour));
}

function readout(shown: Fan, at: number | null, unit: Unit): string | null {
  const at_ms = at === null ? undefined : shown.t_ms[at];
  if (at === null || at_ms === undefined) return null;
  const actual = shown.actual[at];
  const band = shown.bands[0];
  if (actual != null) return `${inFull(at_ms)}: ${quantity(actual, unit)}`;
  if (band === undefined || band.low[at] == null) return `${inFull(at_ms)}: no sample`;
  const range = `${quantity(band.low[at], unit)} to ${quantity(band.high[at], unit)}`;
  return `${inFull(at_ms)}: forecast ${quantity(shown.median[at], unit)}, ${range}`;
}

function description(page: SeriesPage, unit: Unit): string {
  const last = page.forecast?.quantiles.at(-1);
  const end =
    last === undefined ? "no forecast" : `forecast from ${quantity(last[0], unit)} to ${quantity(last.at(-1), unit)}`;
  return `${page.metric}: ${quantity(page.history.v.at(-1), unit)} now, ${end} at the end of the horizon`;
}

function stampOf(page: SeriesPage): string {
  return `${page.history.t_ms[0]} ${page.history.t_ms.at(-1)} ${page.forecast?.origin_ms} ${page.anomalies.length}`;
}
