/** What breaks next: capacity and failures in one list, most urgent first. */

import { useResource } from "../api/resource";
import type { Capacity, Danger, Page, Ranked, Status } from "../api/types";
import { Choice } from "../parts/choice";
import { RankedRow } from "../parts/ranked_row";
import { Empty, Loaded } from "../parts/states";
import { Summary } from "../parts/summary";
import { now } from "../state/clock";
import { listQuery } from "../state/filter";
import { identity, mergeRanked } from "../state/ranking";
import { refine, route } from "../state/router";
import { SPANS } from "../text/danger";
import { Title } from "./title";

const ROWS_FIRST = 25;
/** The longest list that the API gives at once. Whoever wants to see more of it narrows it. */
const ROWS_MAX = 200;

export function NextView({ status }: { status: Status | null }) {
  const query = route.value.query;
  const kind = query.get("kind") ?? "";
  const rows = Math.min(Number(query.get("rows") ?? ROWS_FIRST) || ROWS_FIRST, ROWS_MAX);
  const asked = listQuery(query.get("q") ?? "", { limit: rows, spark: 1 });
  const capacity = useResource<Page<Capacity>>(kind === "failures" ? null : `/capacity?${asked}`, ["capacity"]);
  const dangers = useResource<Page<Danger>>(kind === "capacity" ? null : `/failures?${asked}`, ["failure"]);
  const shown = kind === "failures" ? dangers : kind === "capacity" ? capacity : both(capacity, dangers);
  return (
    <>
      <Title text="What breaks next">
        <Choice
          name="kind"
          label="kinds"
          options={[
            ["", "All"],
            ["capacity", "Runs out"],
            ["failures", "Fails"],
          ]}
        />
      </Title>
      <Summary status={status} />
      <Loaded of={shown} rows={10}>
        {() => {
          const ranking = mergeRanked(
            kind === "failures" ? null : capacity.data,
            kind === "capacity" ? null : dangers.data,
          );
          if (ranking.items.length === 0) return <Nothing status={status} filtered={query.get("q") !== null} />;
          return (
            <>
              <Ranking items={ranking.items} />
              {ranking.more && <More rows={rows} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

type Asked<T> = ReturnType<typeof useResource<Page<T>>>;

/** Both answers as one: there is something to show once both are there. */
function both(capacity: Asked<Capacity>, dangers: Asked<Danger>): Asked<Ranked> {
  const problem = capacity.problem ?? dangers.problem;
  const busy = capacity.busy || dangers.busy;
  if (capacity.data === null || dangers.data === null) return { data: null, problem, busy };
  return { data: { items: [], next: null, now_ms: now.value }, problem, busy };
}

function Ranking({ items }: { items: readonly Ranked[] }) {
  return (
    <>
      <div class="ranked head" aria-hidden="true">
        <span />
        <span>What</span>
        <span>What happens</span>
        <span class="spans">
          {SPANS.map((span) => (
            <span key={span}>{span}</span>
          ))}
        </span>
        <span>Course and forecast</span>
      </div>
      <ol class="list" aria-label="what breaks next, most urgent first">
        {items.map((prediction) => (
          <RankedRow key={identity(prediction)} prediction={prediction} now_ms={now.value} />
        ))}
      </ol>
    </>
  );
}

function More({ rows }: { rows: number }) {
  if (rows >= ROWS_MAX)
    return <p class="soft">These are the {ROWS_MAX} most urgent of each kind: narrow the list to see others.</p>;
  return (
    <button type="button" class="more" onClick={() => refine({ rows: String(Math.min(2 * rows, ROWS_MAX)) })}>
      Show more
    </button>
  );
}

/** Why the list is empty, and what would fill it. */
function Nothing({ status, filtered }: { status: Status | null; filtered: boolean }) {
  if (filtered) return <Empty title="Nothing that is predicted matches the search" />;
  const rules = status?.rules;
  if (rules !== undefined && rules.capacity + rules.failures + rules.hazards + rules.objectives === 0) {
    return (
      <Empty title="No rule is configured">
        <p>
          foreshock predicts when something runs out once <code>capacity</code> names a metric and its limit, and how
          likely something breaks once <code>failures</code>, <code>hazards</code> or <code>objectives</code> say what
          counts as broken.
        </p>
      </Empty>
    );
  }
  if (status !== null && status.series === 0) {
    return (
      <Empty title="No series yet">
        <p>Nothing has been forecast so far: is a worker running, and does telemetry come?</p>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing is predicted yet">
      <p>
        A failure probability comes with a series' first forecast, a capacity prediction after two hours of history.
      </p>
    </Empty>
  );
}
