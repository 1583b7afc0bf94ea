/** How grave a prediction is, in a word beside the colour. */

import type { Capacity, Ranked, Severity } from "../api/types";
import { percent } from "./chance";

/** More likely than not. */
const LIKELY = 0.5;
/** So much history a capacity's status waits for. */
const STATUS_AFTER_H = 24;

const WORDS: Record<Severity, string> = { now: "failing", soon: "likely", coming: "within a day", calm: "unlikely" };

/** The scale's words; `null` where there is no status yet, and nothing likely. */
export function severityWord(prediction: Ranked): string | null {
  if (prediction.kind === "capacity") return isNew(prediction) ? likeliest(prediction) : prediction.status;
  if (prediction.kind === "objective" && prediction.severity === "now") return "burning";
  return WORDS[prediction.severity];
}

/** Whether a capacity's status is `ok` only for want of history, and so a claim that nobody has made. */
export function isNew(prediction: Ranked): boolean {
  if (prediction.kind !== "capacity" || prediction.status !== "ok") return false;
  return prediction.severity !== "calm" || prediction.supported_h < STATUS_AFTER_H;
}

/** The shortest span within which the limit is likely reached: `95 % in 6 h`. */
function likeliest(prediction: Capacity): string | null {
  const spans: [string, number][] = [
    ["1 h", prediction.p_within_1h],
    ["6 h", prediction.p_within_6h],
    ["1 day", prediction.p_within_24h],
    ["7 days", prediction.p_within_7d],
  ];
  const likely = spans.find(([, share]) => share >= LIKELY);
  return likely === undefined ? null : `${percent(likely[1])} in ${likely[0]}`;
}
