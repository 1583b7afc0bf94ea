/** Incidents on a timeline: those that go on first, what is only predicted hatched. */

import { useResource } from "../api/resource";
import type { Incident, Page } from "../api/types";
import { Choice } from "../parts/choice";
import { Instant } from "../parts/instant";
import { Listed } from "../parts/listed";
import { cursor } from "../parts/pager";
import { Pill } from "../parts/pill";
import { Empty } from "../parts/states";
import { type Stretch, Timeline } from "../parts/timeline";
import { now } from "../state/clock";
import { linkTo } from "../state/route";
import { route } from "../state/router";
import { span } from "../text/moment";
import { entityName } from "../text/names";
import { Title } from "./title";

const OTHERS_NAMED = 2;

export function IncidentsView() {
  const query = new URLSearchParams({ limit: "50" });
  const state = route.value.query.get("state");
  const at = cursor();
  if (state !== null) query.set("state", state);
  if (at !== null) query.set("cursor", at);
  const page = useResource<Page<Incident>>(`/incidents?${query}`, ["incident"]);
  return (
    <>
      <Title text="Incidents">
        <Choice
          name="state"
          label="state"
          options={[
            ["", "All"],
            ["open", "Open"],
            ["closed", "Closed"],
          ]}
        />
      </Title>
      <Listed
        of={page}
        empty={
          <Empty title="No incident">
            <p>Nothing has been struck, and nothing is about to be, as far as is known.</p>
          </Empty>
        }
      >
        {(items) => (
          <Timeline stretches={items.map((one) => stretch(one, now.value))} now_ms={now.value} label="incidents" />
        )}
      </Listed>
    </>
  );
}

function stretch(incident: Incident, now_ms: number): Stretch {
  const end_ms = incident.closed_at_ms ?? now_ms;
  return {
    id: incident.id,
    href: linkTo("incidents", incident.id),
    name: incidentName(incident),
    from_ms: incident.opened_at_ms,
    to_ms: end_ms,
    tone: incident.closed_at_ms !== null ? "calm" : incident.predicted ? "coming" : "now",
    predicted: incident.predicted,
    note: (
      <>
        <IncidentState incident={incident} /> <Instant at_ms={incident.opened_at_ms} />,{" "}
        {span(end_ms - incident.opened_at_ms)}
        {othersOf(incident)}
      </>
    ),
  };
}

export function IncidentState({ incident }: { incident: Incident }) {
  if (incident.closed_at_ms !== null) return <Pill tone="muted">{incident.predicted ? "never came" : "over"}</Pill>;
  return incident.predicted ? <Pill tone="coming">predicted</Pill> : <Pill tone="now">going on</Pill>;
}

export function incidentName(incident: Incident): string {
  return entityName(incident.members[0]?.entity ?? "{}");
}

function othersOf(incident: Incident): string {
  const others = incident.members.slice(1).map((member) => entityName(member.entity));
  const more = others.length - OTHERS_NAMED + incident.members_beyond;
  if (others.length === 0) return "";
  return `, with ${others.slice(0, OTHERS_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
