/** Probabilities and shares; what is not certain is not rounded to certainty. */

export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  if (share >= 1) return "100 %";
  if (share >= 0.995) return "> 99 %";
  if (share <= 0) return "0 %";
  return share < 0.005 ? "< 1 %" : `${Math.round(100 * share)} %`;
}

/** A probability for a narrow cell: the number alone. */
export function cellPercent(share: number): string {
  if (share < 0.005) return "";
  return share >= 0.995 && share < 1 ? ">99" : String(Math.round(100 * share));
}

/** A skill: the share of seasonal naive's loss that was saved, `+12 %`; losses are told with a minus sign. */
export function skill(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const points = Math.round(100 * value);
  if (points === 0) return "0 %";
  return `${points > 0 ? "+" : "−"}${Math.abs(points)} %`;
}

/** The share that an 80 % band should hold. */
export const NOMINAL = 0.8;
const POINTS_GOOD = 5;

/** What a coverage says of the bands: `as wide as they should be`, `too narrow by 12 points`. */
export function bandWidth(coverage: number | null | undefined): string {
  if (coverage === null || coverage === undefined) return "not known yet";
  const points = Math.round(100 * (coverage - NOMINAL));
  if (Math.abs(points) <= POINTS_GOOD) return "about right";
  return points < 0 ? `too narrow by ${-points} points` : `too wide by ${points} points`;
}

/** A mean squared error of probabilities. */
export function brier(value: number | null): string {
  return value === null ? "–" : value.toFixed(3);
}
