/** Where the page is: the part of the address behind `#`, so that every view can be sent to somebody. */

export const VIEWS = ["next", "series", "incidents", "anomalies", "quality", "fleet"] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  view: View;
  /** One thing of the view: a series' name, an incident's id. */
  one: string | null;
  /** What was asked for where there is no such view: an old link, or a slip. */
  unknown: string | null;
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const [name = "", rest = ""] = splitOnce(path, "/");
  const view = VIEWS.find((one) => one === name);
  const query = new URLSearchParams(search);
  if (view === undefined) return { view: "next", one: null, unknown: name === "" ? null : decoded(name), query };
  return { view, one: rest === "" ? null : decoded(rest), unknown: null, query };
}

export function linkTo(view: View, one: string | null = null, query?: Record<string, string>): string {
  const path = `#/${view === "next" ? "" : view}${one === null ? "" : `/${encodeURIComponent(one)}`}`;
  const search = new URLSearchParams(query).toString();
  return search === "" ? path : `${path}?${search}`;
}

export function seriesLink(series: string): string {
  return linkTo("series", series);
}

function splitOnce(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
