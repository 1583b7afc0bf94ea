/** The parts of uPlot's options that our charts have in common. */

import type uPlot from "uplot";
import { axisLabels, roundSteps, type Unit } from "../text/quantity";
import type { Fan } from "./fan";
import { type Palette, translucent } from "./palette";

const FONT = "12px system-ui, sans-serif";
const ALPHA_OF_ALL = 0.55;

/** Axes of time and of values in their unit. */
export function axes(colours: Palette, unit: Unit): uPlot.Axis[] {
  const common = {
    stroke: colours.faint,
    font: FONT,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    { ...common, space: 70, size: 40, values: timeLabels },
    { ...common, size: 74, space: 32, incrs: roundSteps(unit), values: (_chart, splits) => axisLabels(splits, unit) },
  ];
}

const HOUR = [3_600_000, "{HH}:{mm}", "\n{WWW} {D} {MMM}", null, "\n{WWW} {D} {MMM}", null, null, null, 1];
const DAY = [86_400_000, "{WWW} {D} {MMM}", null, null, null, null, null, null, 1];
const MINUTE = [60_000, "{HH}:{mm}", "\n{WWW} {D} {MMM}", null, "\n{WWW} {D} {MMM}", null, null, null, 1];
const timeLabels = [DAY, HOUR, MINUTE] as unknown as uPlot.Axis.Values;

/** The lines of a fan in the order of its columns: actual, median, then the edges of each band. */
export function fanSeries(shown: Fan, colours: Palette): Pick<uPlot.Options, "series" | "bands"> {
  const edge = { stroke: "transparent", width: 0, points: { show: false } };
  const fill = translucent(colours.fan, ALPHA_OF_ALL / (1 + shown.bands.length));
  return {
    series: [
      {},
      { stroke: colours.data, width: 1.5, points: { show: false } },
      { stroke: colours.fan, width: 1.5, dash: [3, 3], points: { show: false } },
      ...shown.bands.flatMap(() => [edge, edge]),
    ],
    bands: shown.bands.map((_, pair) => ({ series: [4 + 2 * pair, 3 + 2 * pair] as [number, number], fill })),
  };
}

export function fanColumns(shown: Fan): uPlot.AlignedData {
  return [shown.t_ms, shown.actual, shown.median, ...shown.bands.flatMap((band) => [band.low, band.high])];
}
