/** What people type into the search box: words, and labels as `team=shop`. */

export interface Filter {
  labels: string[];
  words: string;
}

const LABEL = /^[A-Za-z_]\w*=\S+$/;

export function parseFilter(typed: string): Filter {
  const parts = typed.split(/\s+/).filter((part) => part !== "");
  return {
    labels: parts.filter((part) => LABEL.test(part)),
    words: parts.filter((part) => !LABEL.test(part)).join(" "),
  };
}

/** The API's parameters of a list: the filter, and more of them. */
export function listQuery(typed: string, more: Record<string, string | number | null>): string {
  const query = new URLSearchParams();
  const { labels, words } = parseFilter(typed);
  if (words !== "") query.set("q", words);
  for (const label of labels) query.append("label", label);
  for (const [name, value] of Object.entries(more)) if (value !== null) query.set(name, String(value));
  return query.toString();
}
