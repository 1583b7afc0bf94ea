/** Whether what is shown can still be what is: how the server, its broker and the telemetry stand. */

import type { Status } from "../api/types";
import { MINUTE_MS } from "./moment";

/** So many steps of the telemetry may be missing, and so much time at least, before it is worth a warning. */
const STEPS_MISSING_MAX = 3;
const BEHIND_MIN_MS = 2 * MINUTE_MS;

type Age = Pick<Status, "event_time_ms" | "behind_ms" | "step_ms">;

/** Whether the newest telemetry is so old that what is shown may no longer hold. */
export function isBehind({ event_time_ms, behind_ms, step_ms }: Age): boolean {
  if (event_time_ms === 0) return false;
  return behind_ms > Math.max(BEHIND_MIN_MS, STEPS_MISSING_MAX * (step_ms ?? 0));
}
