/** What time it is, as the server says: its clock, or the newest telemetry of a replay. Never this machine's. */

import { signal } from "@preact/signals";

export const now = signal(0);

/**
 * Learn of the time from an answer.
 *
 * An answer that still holds is not sent again, so the time in it may be an old one: time goes on only.
 */
export function learnTime(answer: unknown): void {
  const told = (answer as { now_ms?: unknown }).now_ms;
  if (typeof told === "number") now.value = Math.max(now.value, told);
}
