import { seriesLink } from "../state/route";
import { entityName, metricOf } from "../text/names";
import { OtherLabels } from "./other_labels";

interface SeriesNameProps {
  series: string;
  /** `null`: nothing that is known of the series names it. */
  entity: string | null;
  labels: Record<string, string>;
  /** It is what the row is about: the keyboard goes from one to the next. */
  row?: boolean;
}

/** A series as people read it: the thing, the metric, and labels that neither tells. */
export function SeriesName({ series, entity: named, labels, row = false }: SeriesNameProps) {
  const entity = named ?? series.slice(series.indexOf("{"));
  return (
    <span class="series-name">
      <a href={seriesLink(series)} data-row={row ? true : undefined}>
        {entityName(entity)}
      </a>{" "}
      <span class="metric">{metricOf(series)}</span> <OtherLabels labels={labels} entity={entity} />
    </span>
  );
}
