/** What is drawn over a chart's lines: limits, instants, spans of time. */

import type uPlot from "uplot";

const DASH = [5, 4];

/** A dashed line at a value. */
export function levelMark(value: number, colour: string): (chart: uPlot) => void {
  return (chart) => {
    const y = Math.round(chart.valToPos(value, "y", true));
    stroke(chart, colour, [chart.bbox.left, y, chart.bbox.left + chart.bbox.width, y]);
  };
}

/** A dashed line at an instant. */
export function instantMark(at_ms: number, colour: string): (chart: uPlot) => void {
  return (chart) => {
    const x = Math.round(chart.valToPos(at_ms, "x", true));
    stroke(chart, colour, [x, chart.bbox.top, x, chart.bbox.top + chart.bbox.height]);
  };
}

/** A shaded stretch of time. */
export function spanMark(from_ms: number, to_ms: number, colour: string): (chart: uPlot) => void {
  return (chart) => {
    const { left, top, width, height } = chart.bbox;
    const from = Math.max(left, chart.valToPos(from_ms, "x", true));
    const to = Math.min(left + width, chart.valToPos(to_ms, "x", true));
    if (to <= from) return;
    chart.ctx.save();
    chart.ctx.fillStyle = colour;
    chart.ctx.fillRect(from, top, to - from, height);
    chart.ctx.restore();
  };
}

function stroke(chart: uPlot, colour: string, [fromX, fromY, toX, toY]: [number, number, number, number]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio * 1.5;
  ctx.setLineDash(DASH.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.restore();
}
