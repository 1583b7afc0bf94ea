/** The keyboard: rows are links, and what has the focus is what is chosen, so that enter needs no code of ours. */

import { signal } from "@preact/signals";
import { linkTo, VIEWS } from "./state/route";
import { route } from "./state/router";

export const helpShown = signal(false);

/** What each key does, for the help. */
export const KEYS: readonly [string, string][] = [
  ["j or ↓", "next row"],
  ["k or ↑", "row before"],
  ["enter", "open the row"],
  ["/", "search: words, or labels as team=shop"],
  ["esc", "leave the search, close this, or go back to the list"],
  ["1 to 6", "the views, from left to right"],
  ["?", "this help"],
];

export function startKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key !== "Escape") return;
      // A box for searches would clear itself.
      event.preventDefault();
      (event.target as HTMLElement).blur();
      return;
    }
    if (press(event.key)) event.preventDefault();
  });
}

/** Whether the key meant something. */
function press(key: string): boolean {
  if (helpShown.value) return false; // A dialog has keys of its own.
  const view = VIEWS[Number(key) - 1];
  if (view !== undefined) location.hash = linkTo(view);
  else if (key === "j" || key === "ArrowDown") return moveFocus(1);
  else if (key === "k" || key === "ArrowUp") return moveFocus(-1);
  else if (key === "/") document.querySelector<HTMLInputElement>("#search")?.focus();
  else if (key === "?") helpShown.value = true;
  else if (key === "Escape" && route.value.one !== null) location.hash = linkTo(route.value.view);
  else return false;
  return true;
}

function moveFocus(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  if (rows.length === 0) return false;
  const here = rows.indexOf(document.activeElement as HTMLElement);
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}
