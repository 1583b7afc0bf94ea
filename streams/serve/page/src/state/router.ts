/** The route as a signal that follows the address. */

import { signal } from "@preact/signals";
import { linkTo, parseRoute, type Route } from "./route";

export const route = signal<Route>(parseRoute(location.hash));

export function startRouter(): void {
  addEventListener("hashchange", () => {
    route.value = parseRoute(location.hash);
  });
}

/** Change a part of the query of this view without a new place in the history; an empty value drops it. */
export function refine(changes: Record<string, string>): void {
  const { view, one, query } = route.value;
  const merged = new Map([...query.entries(), ...Object.entries(changes)].filter(([, value]) => value !== ""));
  for (const [name, value] of Object.entries(changes)) if (value === "") merged.delete(name);
  history.replaceState(null, "", linkTo(view, one, Object.fromEntries(merged)));
  route.value = parseRoute(location.hash);
}
