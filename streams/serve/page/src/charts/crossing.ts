/** When a limit is reached, as a distribution: the probability that it has been reached by then. */

import type { Capacity } from "../api/types";
import { HOUR_MS } from "../text/moment";

export interface Crossing {
  /** Hours after the origin, ascending, from the first span on. */
  hours: number[];
  probability: number[];
}

const SPANS_H = [1, 6, 24, 168, 720] as const;
const SOONEST_H = 0.25;

/** The points that are known: five spans and three quantiles; they agree with each other. */
export function crossing(prediction: Capacity): Crossing {
  const spans = [
    prediction.p_within_1h,
    prediction.p_within_6h,
    prediction.p_within_24h,
    prediction.p_within_7d,
    prediction.p_within_30d,
  ];
  const quantiles: [number | null, number][] = [
    [prediction.exhausted_at_p10_ms, 0.1],
    [prediction.exhausted_at_p50_ms, 0.5],
    [prediction.exhausted_at_p90_ms, 0.9],
  ];
  const points = SPANS_H.map((hours, place): [number, number] => [hours, spans[place] ?? 0]);
  for (const [at_ms, probability] of quantiles) {
    if (at_ms !== null) points.push([Math.max(SOONEST_H, (at_ms - prediction.origin_ms) / HOUR_MS), probability]);
  }
  points.sort(([a, p], [b, q]) => a - b || p - q);
  return { hours: points.map(([hours]) => hours), probability: points.map(([, probability]) => probability) };
}
