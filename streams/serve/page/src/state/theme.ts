/** Dark or light: the system's choice, until a person makes one; that is kept in this browser. */

import { computed, effect, signal } from "@preact/signals";

export type Theme = "dark" | "light";

const KEY = "foreshock.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
const chosen = signal(kept());

export const theme = computed<Theme>(() => chosen.value ?? (systemDark.value ? "dark" : "light"));

/** Follow the choice from now on. */
export function startTheme(): void {
  system.addEventListener("change", (event) => {
    systemDark.value = event.matches;
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
}

export function toggleTheme(): void {
  chosen.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, chosen.value);
}

function kept(): Theme | null {
  const value = localStorage.getItem(KEY);
  return value === "dark" || value === "light" ? value : null;
}
