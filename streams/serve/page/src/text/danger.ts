/** Failures, hazards and error budgets in words, and the spans that every prediction has a probability for. */

import type { Danger, Ranked } from "../api/types";
import { percent } from "./chance";
import { fromNow, moment, span } from "./moment";
import { quantity, unitOf } from "./quantity";

export const SPANS = ["15m", "1h", "6h", "1d", "7d", "30d"] as const;
export type Span = (typeof SPANS)[number];

/** What a prediction says of each span; what it does not speak of is missing. */
export function chances(prediction: Ranked): Partial<Record<Span, number>> {
  switch (prediction.kind) {
    case "capacity":
      return {
        "1h": prediction.p_within_1h,
        "6h": prediction.p_within_6h,
        "1d": prediction.p_within_24h,
        "7d": prediction.p_within_7d,
        "30d": prediction.p_within_30d,
      };
    case "failure":
      return known(prediction.p_within_15m, prediction.p_within_1h, prediction.p_within_24h);
    case "objective":
      return known(prediction.p_alert_within_15m, prediction.p_alert_within_1h, prediction.p_alert_within_24h);
    case "hazard":
      return { [nearestSpan(prediction.within_ms)]: prediction.probability };
  }
}

function known(quarter: number | null, hour: number | null, day: number): Partial<Record<Span, number>> {
  return {
    ...(quarter === null ? {} : { "15m": quarter }),
    ...(hour === null ? {} : { "1h": hour }),
    "1d": day,
  };
}

const SPAN_HOURS: Record<Span, number> = { "15m": 0.25, "1h": 1, "6h": 6, "1d": 24, "7d": 168, "30d": 720 };

function nearestSpan(within_ms: number): Span {
  const hours = within_ms / 3_600_000;
  const off = (one: Span) => Math.abs(Math.log(SPAN_HOURS[one] / hours));
  return SPANS.reduce((best, one) => (off(one) < off(best) ? one : best));
}

/** What is going to happen, and when: `52 % within 1 h`, `failing now`. */
export function outlook(danger: Danger): string {
  switch (danger.kind) {
    case "failure":
      return danger.breaking ? "failing now" : `${percent(danger.probability)} within ${span(danger.within_ms)}`;
    case "hazard":
      return danger.failing ? "failing now" : `${percent(danger.probability)} within ${span(danger.within_ms)}`;
    case "objective":
      if (danger.alerting) return "burning its budget now";
      if (danger.p_alert_within_1h === null) return `alert ${percent(danger.p_alert_within_24h)} within 1 day`;
      return `alert ${percent(danger.p_alert_within_1h)} within 1 h`;
  }
}

/** What counts as it: `error_rate above 0.05 for 5 min`. */
export function condition(danger: Danger): string {
  switch (danger.kind) {
    case "failure": {
      const threshold = quantity(danger.threshold, unitOf(danger.metric, danger.transform));
      return `${danger.metric} ${danger.side} ${threshold} for ${span(danger.for_ms)}`;
    }
    case "hazard":
      return danger.drivers[0]?.text ?? `hazard ${danger.hazard}`;
    case "objective":
      return `${danger.target_percent} % good over ${span(danger.window_ms)}`;
  }
}

/** What is left of an error budget, and when it is spent at this rate. */
export function budget(danger: Danger & { kind: "objective" }, now_ms: number): string {
  if (danger.budget_left <= 0) return "budget spent";
  const left = `${percent(danger.budget_left)} of the budget left`;
  if (danger.exhausted_at_ms === null) return left;
  return `${left}, spent ${moment(danger.exhausted_at_ms, now_ms)} (${fromNow(danger.exhausted_at_ms, now_ms)})`;
}

/** How earlier predictions fared: whether this one is worth listening to. */
export function trackRecord(danger: Danger): string {
  if (danger.looks_settled === 0) return "no earlier prediction is settled: a prior";
  const came = danger.kind === "objective" ? danger.alerts_seen : danger.failures_seen;
  const what = `${danger.kind === "objective" ? "alert" : "failure"}${came === 1 ? "" : "s"}`;
  const seen = `${came} ${what} in ${danger.looks_settled.toLocaleString("en-US")} looks`;
  if (danger.brier === null || danger.base_brier === null) return seen;
  const better = danger.brier < danger.base_brier ? "beats" : "no better than";
  return `${seen}, ${better} the base rate`;
}
