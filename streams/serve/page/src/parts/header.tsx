import { hasToken } from "../api/token";
import type { Status } from "../api/types";
import { helpShown } from "../keys";
import { away, type LiveState, live, unauthorised } from "../state/connection";
import { linkTo, VIEWS, type View } from "../state/route";
import { route } from "../state/router";
import { signOut } from "../state/session";
import { theme, toggleTheme } from "../state/theme";
import { Search } from "./search";

const NAMES: Record<View, string> = {
  next: "Next",
  series: "Series",
  incidents: "Incidents",
  anomalies: "Anomalies",
  quality: "Quality",
  fleet: "Fleet",
};

const LIVE: Record<LiveState | "unread", string> = {
  connecting: "connecting",
  on: "live",
  off: "reconnecting",
  unread: "not kept up to date",
};

export function Header({ status }: { status: Status | null }) {
  const here = route.value.view;
  const other = theme.value === "dark" ? "light" : "dark";
  const state = stateOf(status);
  return (
    <header>
      <a class="brand" href={linkTo("next")}>
        foreshock
      </a>
      <nav aria-label="views">
        {VIEWS.map((view) => (
          <a key={view} href={linkTo(view)} aria-current={view === here ? "page" : undefined}>
            {NAMES[view]}
          </a>
        ))}
      </nav>
      <Search />
      {!unauthorised.value && (
        <span class={`live ${state}`} role="status">
          {LIVE[state]}
        </span>
      )}
      <button type="button" class="quiet" onClick={toggleTheme} aria-label={`switch to the ${other} theme`}>
        {other === "dark" ? "☾" : "☀"}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => (helpShown.value = true)}
        aria-label="help: keys, and what is shown"
      >
        ?
      </button>
      {hasToken() && (
        <button type="button" class="quiet" onClick={signOut}>
          Sign out
        </button>
      )}
    </header>
  );
}

/** A stream that is connected says nothing while the server itself can't read its topics. */
function stateOf(status: Status | null): LiveState | "unread" {
  if (away.value !== null) return "off";
  return live.value === "on" && status?.ready === false ? "unread" : live.value;
}
