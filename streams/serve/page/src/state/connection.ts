/** How we stand with the server: signals that any part of the page may read. */

import { signal } from "@preact/signals";

export type LiveState = "connecting" | "on" | "off";

export const live = signal<LiveState>("connecting");
export const unauthorised = signal(false);
/** Since when nobody has answered, by this machine's clock, and why; `null`: the last question was answered. */
export const away = signal<{ since_ms: number; why: string } | null>(null);

export const connection = {
  answered(): void {
    away.value = null;
    unauthorised.value = false;
  },
  refusedUs(): void {
    away.value = null;
    unauthorised.value = true;
  },
  went(why: string): void {
    away.value ??= { since_ms: Date.now(), why };
  },
};
