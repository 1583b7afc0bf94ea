/** When a limit is reached, in words: a range, never a false instant. */

import type { Capacity } from "../api/types";
import { HOUR_MS, MINUTE_MS, moment, roundTo, span } from "./moment";

type Crossing = Pick<
  Capacity,
  "direction" | "gap" | "exhausted_at_p10_ms" | "exhausted_at_p50_ms" | "exhausted_at_p90_ms" | "eta_horizon_h"
>;

/** `full Thu 11:00, give or take 2 h`; `full Sun 02:00, or much later`; `not within 30 days`. */
export function exhaustion(prediction: Crossing, now_ms: number): string {
  const state = prediction.direction === "up" ? "full" : "used up";
  const { exhausted_at_p10_ms: p10, exhausted_at_p50_ms: p50, exhausted_at_p90_ms: p90 } = prediction;
  if (prediction.gap <= 0) return `${state} now`;
  if (p50 === null) {
    if (p10 === null) return `not within ${span(prediction.eta_horizon_h * HOUR_MS)}`;
    return `${state} ${moment(roundTo(p10, HOUR_MS), now_ms)} at worst, if at all`;
  }
  if (p90 === null || p10 === null) return `${state} ${moment(roundTo(p50, HOUR_MS), now_ms)}, or much later`;
  // Half of what lies between p10 and p90: four times in five it happens within it.
  return `${state} ${moment(roundTo(p50, 10 * MINUTE_MS), now_ms)}, give or take ${span((p90 - p10) / 2)}`;
}

/** How much of the limit is used, as a share; `null` where that means nothing. */
export function usedShare(prediction: Pick<Capacity, "direction" | "limit" | "level">): number | null {
  return prediction.direction === "up" && prediction.limit > 0 ? prediction.level / prediction.limit : null;
}
