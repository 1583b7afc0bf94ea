/** Signing in and out: everything is asked anew with what was given. */

import { signal } from "@preact/signals";
import { forgetToken, keepToken } from "../api/token";
import { unauthorised } from "./connection";

/** Counts how often the token has changed. */
export const session = signal(0);

export function signIn(token: string): void {
  keepToken(token);
  unauthorised.value = false;
  session.value += 1;
}

export function signOut(): void {
  forgetToken();
  session.value += 1;
}
