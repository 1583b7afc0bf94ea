/** Two lists of the server, each most urgent first, as one. */

import type { Capacity, Danger, Page, Ranked } from "../api/types";

/** From 0 to 1, to rank by: the server ranks by the same. */
export function urgency(prediction: Ranked): number {
  switch (prediction.kind) {
    case "capacity":
      return prediction.urgency;
    case "objective":
      return prediction.p_alert_within_1h || prediction.p_alert_within_24h;
    default:
      return prediction.probability;
  }
}

export interface Ranking {
  items: Ranked[];
  /** There are more, which longer lists of the server would bring. */
  more: boolean;
}

/**
 * The most urgent of both lists, in order.
 *
 * Where one list goes on at the server, nothing that is less urgent than its last item is told: what is missing of it
 * might come before.
 */
export function mergeRanked(capacity: Page<Capacity> | null, dangers: Page<Danger> | null): Ranking {
  const lists: (Page<Ranked> | null)[] = [capacity, dangers];
  const floor = Math.max(...lists.map(floorOf));
  const all = lists.flatMap((list) => list?.items ?? []).sort((a, b) => standing(b) - standing(a));
  const items = all.filter((one) => standing(one) >= floor);
  return { items, more: lists.some((list) => list?.next != null) };
}

/** What has expired stands behind all that holds, at the server as well. */
function standing(prediction: Ranked): number {
  return urgency(prediction) - (prediction.stale ? 2 : 0);
}

function floorOf(list: Page<Ranked> | null): number {
  const last = list?.items.at(-1);
  return list?.next != null && last !== undefined ? standing(last) : Number.NEGATIVE_INFINITY;
}

/** What a row is known by from one answer to the next. */
export function identity(prediction: Ranked): string {
  switch (prediction.kind) {
    case "hazard":
      return `hazard|${prediction.entity}|${prediction.hazard}`;
    case "objective":
      return `objective|${prediction.entity}|${prediction.objective}`;
    default:
      return `${prediction.kind}|${prediction.series}|${prediction.rule}`;
  }
}
