import { now } from "../state/clock";
import { fromNow, inFull, moment } from "../text/moment";

interface InstantProps {
  at_ms: number;
  /** Say how far off it is instead of when. */
  relative?: boolean;
}

/** An instant in UTC; its title has it in full, and by this machine's own clock. */
export function Instant({ at_ms, relative = false }: InstantProps) {
  const title = `${inFull(at_ms)} (here ${new Date(at_ms).toLocaleString()})`;
  return (
    <time dateTime={new Date(at_ms).toISOString()} title={title}>
      {relative ? fromNow(at_ms, now.value) : moment(at_ms, now.value)}
    </time>
  );
}
