import { useEffect, useRef } from "preact/hooks";
import { useResource } from "./api/resource";
import type { Status } from "./api/types";
import { listen } from "./live/stream";
import { Banners } from "./parts/banners";
import { Header } from "./parts/header";
import { Help } from "./parts/help";
import { SignIn } from "./parts/sign_in";
import { unauthorised } from "./state/connection";
import type { Route } from "./state/route";
import { route } from "./state/router";
import { session } from "./state/session";
import { AnomaliesView } from "./views/anomalies";
import { FleetView } from "./views/fleet";
import { IncidentView } from "./views/incident";
import { IncidentsView } from "./views/incidents";
import { NextView } from "./views/next";
import { QualityView } from "./views/quality";
import { SeriesView } from "./views/series";
import { SeriesListView } from "./views/series_list";

export function App() {
  return <Session key={session.value} />;
}

/** All that a person sees with one token. */
function Session() {
  const status = useResource<Status>("/status", ["status", "capacity", "failure", "anomaly", "incident"]);
  useEffect(() => {
    const ended = new AbortController();
    void listen(ended.signal);
    return () => ended.abort();
  }, []);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the list
      </button>
      <Header status={status.data} />
      {unauthorised.value ? (
        <main id="main">
          <SignIn />
        </main>
      ) : (
        <Main status={status.data} />
      )}
      <Help />
    </>
  );
}

function Main({ status }: { status: Status | null }) {
  const main = useRef<HTMLElement>(null);
  const { view, one, unknown } = route.value;
  const first = useRef(true);
  useEffect(() => {
    scrollTo(0, 0);
    // Whoever reads by ear hears where they are; the first place is told by the document.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [view, one]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {unknown !== null && (
        <p class="banner" role="status">
          There is no view “{unknown}” here; this is what breaks next.
        </p>
      )}
      <Banners status={status} />
      {viewOf(route.value, status)}
    </main>
  );
}

function viewOf({ view, one }: Route, status: Status | null) {
  switch (view) {
    case "series":
      return one === null ? <SeriesListView /> : <SeriesView key={one} series={one} />;
    case "incidents":
      return one === null ? <IncidentsView /> : <IncidentView key={one} id={one} />;
    case "anomalies":
      return <AnomaliesView />;
    case "quality":
      return <QualityView />;
    case "fleet":
      return <FleetView status={status} />;
    case "next":
      return <NextView status={status} />;
  }
}
