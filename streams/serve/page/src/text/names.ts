/** Entities and series as people call them. */

/** The labels of a text such as `{host="a",volume="b"}`; values are escaped by a backslash. */
export function labelsOf(text: string): [string, string][] {
  const inner = text.slice(text.indexOf("{"));
  return [...inner.matchAll(/([^{},="]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = "", value = ""]) => [
    name,
    value.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter)),
  ]);
}

/** An entity by the values of its labels: `host-02/vol-02`. */
export function entityName(entity: string): string {
  const labels = labelsOf(entity);
  return labels.length === 0 ? entity.replace(/^\{\}$/, "(no labels)") : labels.map(([, value]) => value).join(" / ");
}

/** The metric of a series' name. */
export function metricOf(series: string): string {
  const brace = series.indexOf("{");
  return brace < 0 ? series : series.slice(0, brace);
}

/** The labels that the entity does not tell already. */
export function otherLabels(labels: Record<string, string>, entity: string): [string, string][] {
  const told = new Set(labelsOf(entity).map(([name]) => name));
  return Object.entries(labels).filter(([name]) => !told.has(name));
}

/** Sentences of the records, with entities and series as people call them. */
export function readable(sentence: string): string {
  return sentence.replace(/([A-Za-z_:][\w:]*)?\{[^{}]*\}/g, (whole: string, metric: string | undefined) =>
    labelsOf(whole).length === 0
      ? whole
      : metric === undefined
        ? entityName(whole)
        : `${metric} of ${entityName(whole)}`,
  );
}
