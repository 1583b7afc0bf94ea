/** One incident: its members in the order of cause, what each of them showed, and how it went. */

import { useResource } from "../api/resource";
import type { IncidentCourse, Member } from "../api/types";
import { Instant } from "../parts/instant";
import { Pill } from "../parts/pill";
import { Loaded } from "../parts/states";
import { type Stretch, Timeline } from "../parts/timeline";
import { linkTo, seriesLink } from "../state/route";
import { entityName, metricOf, readable } from "../text/names";
import { rounded } from "../text/quantity";
import { IncidentState, incidentName } from "./incidents";
import { Title } from "./title";

export function IncidentView({ id }: { id: string }) {
  const incident = useResource<IncidentCourse>(`/incidents/${encodeURIComponent(id)}`, ["incident"]);
  const name = incident.data === null ? "Incident" : `Incident: ${incidentName(incident.data)}`;
  return (
    <>
      <p class="crumbs">
        <a href={linkTo("incidents")}>Incidents</a>
      </p>
      <Title text={name}>{incident.data !== null && <IncidentState incident={incident.data} />}</Title>
      <Loaded of={incident}>{(one) => <Course incident={one} />}</Loaded>
    </>
  );
}

function Course({ incident }: { incident: IncidentCourse }) {
  const now_ms = incident.closed_at_ms ?? incident.updated_at_ms;
  return (
    <>
      <p class="lead">{readable(incident.text)}</p>
      <section class="card">
        <h2>Members, the likeliest cause first</h2>
        <Timeline
          stretches={incident.members.map((member) => memberStretch(member, incident.closed_at_ms !== null))}
          now_ms={now_ms}
          label="members, the likeliest cause first"
          ordered
        />
        {incident.members_beyond > 0 && <p class="soft">And {incident.members_beyond} more.</p>}
      </section>
      <section class="card">
        <h2>How it went</h2>
        <ol class="course">
          {incident.timeline.map(({ at_ms, what, entity }) => (
            <li key={`${at_ms} ${what} ${entity}`}>
              <Instant at_ms={at_ms} /> {readable(what)}
              {entity !== null && !what.includes(entity) && `: ${entityName(entity)}`}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function memberStretch(member: Member, over: boolean): Stretch {
  return {
    id: member.entity,
    name: entityName(member.entity),
    from_ms: member.since_ms,
    to_ms: member.last_ms,
    tone: over ? "calm" : member.predicted ? "coming" : "now",
    predicted: member.predicted,
    note: (
      <>
        {member.predicted && <Pill tone="coming">predicted</Pill>}
        {member.series.map(({ series, deviation }) => (
          <span key={series} class="line">
            <a href={seriesLink(series)} data-row>
              {metricOf(series)}
            </a>{" "}
            {rounded(Math.abs(deviation))} deviations {deviation < 0 ? "below" : "above"} its usual place
          </span>
        ))}
        {member.notices.map((notice) => (
          <Notice key={notice} notice={notice} />
        ))}
      </>
    ),
  };
}

/** A sentence about a series, which it begins with. */
function Notice({ notice }: { notice: string }) {
  const end = notice.indexOf("}: ");
  if (end < 0) return <span class="line">{notice}</span>;
  const series = notice.slice(0, end + 1);
  return (
    <span class="line">
      <a href={seriesLink(series)} data-row>
        {metricOf(series)}
      </a>
      : {notice.slice(end + 3)}
    </span>
  );
}
