/** How grave a prediction is: the one scale that colours follow. */

import type { Ranked } from "../api/types";

export type Severity = "now" | "soon" | "coming" | "calm";

/** More likely than not. */
const LIKELY = 0.5;

export function severity(prediction: Ranked): Severity {
  switch (prediction.kind) {
    case "capacity":
      return ({ exhausted: "now", imminent: "soon", filling: "coming", ok: "calm" } as const)[prediction.status];
    case "failure":
      if (prediction.breaking) return "now";
      if (prediction.probability >= LIKELY) return "soon";
      return prediction.p_within_24h >= LIKELY ? "coming" : "calm";
    case "hazard":
      if (prediction.failing) return "now";
      return prediction.probability >= LIKELY ? "soon" : "calm";
    case "objective":
      if (prediction.alerting) return "now";
      if ((prediction.p_alert_within_1h ?? 0) >= LIKELY) return "soon";
      return prediction.p_alert_within_24h >= LIKELY || prediction.budget_left <= 0 ? "coming" : "calm";
  }
}

/** The scale's words, as a person reads them beside the colour. */
export function severityWord(prediction: Ranked): string {
  if (prediction.kind === "capacity") return prediction.status;
  const words: Record<Severity, string> = { now: "failing", soon: "likely", coming: "within a day", calm: "unlikely" };
  if (prediction.kind === "objective") words.now = "burning";
  return words[severity(prediction)];
}
