import type { Status } from "../api/types";
import { away } from "../state/connection";
import { localClock, MINUTE_MS, span } from "../text/moment";
import { Instant } from "./instant";

/** Event time that is further behind than this is worth a warning: what is shown may no longer hold. */
export const BEHIND_MAX_MS = 10 * MINUTE_MS;

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
  if (status === null || status.event_time_ms === 0 || status.behind_ms <= BEHIND_MAX_MS) return null;
  return (
    <p class="banner warn" role="status">
      The newest sample is {span(status.behind_ms)} old (
      <Instant at_ms={status.event_time_ms} />
      ): telemetry has stopped, or workers are behind. Predictions that have expired are marked.
    </p>
  );
}
