import type { Status } from "../api/types";
import { away } from "../state/connection";
import { localClock, span } from "../text/moment";
import { isBehind } from "../text/standing";
import { Instant } from "./instant";

/** What everybody should know before reading on: nobody answers, we still read, or the telemetry has stopped. */
export function Banners({ status }: { status: Status | null }) {
  return (
    <>
      <Away status={status} />
      {status !== null && !status.ready && (
        <p class="banner" role="status">
          The server does not keep up with its topics yet
          {status.waits_for !== null && `: it waits for ${status.waits_for}`}.
        </p>
      )}
      <Behind status={status} />
    </>
  );
}

function Away({ status }: { status: Status | null }) {
  if (away.value === null) return null;
  return (
    <p class="banner bad" role="alert">
      The server has not answered since {localClock(away.value.since_ms)}: {away.value.why}.{" "}
      {status !== null && "You see what it said before. "}
      It is asked again every few seconds.
    </p>
  );
}

function Behind({ status }: { status: Status | null }) {
  if (status === null || !isBehind(status)) return null;
  return (
    <p class="banner warn" role="status">
      The newest telemetry is {span(status.behind_ms)} old (
      <Instant at_ms={status.event_time_ms} />
      ): it has stopped, or no worker reads it. Predictions that have expired are marked.
    </p>
  );
}
