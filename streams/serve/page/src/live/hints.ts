/** Hints that something changed, from the live stream to whoever shows it. */

export type Kind = "capacity" | "failure" | "anomaly" | "incident" | "forecast" | "status";
export const KINDS: readonly Kind[] = ["capacity", "failure", "anomaly", "incident", "forecast", "status"];

type Listener = () => void;

const listeners = new Map<Kind, Set<Listener>>(KINDS.map((kind) => [kind, new Set<Listener>()]));

/** Hear of changes of these kinds until the function that is given back is called. */
export function onHint(kinds: readonly Kind[], listener: Listener): () => void {
  for (const kind of kinds) listeners.get(kind)?.add(listener);
  return () => {
    for (const kind of kinds) listeners.get(kind)?.delete(listener);
  };
}

export function hint(kind: Kind): void {
  for (const listener of listeners.get(kind) ?? []) listener();
}

/** After a gap in the stream nobody knows what was missed. */
export function hintAll(): void {
  for (const listener of new Set(KINDS.flatMap((kind) => [...(listeners.get(kind) ?? [])]))) listener();
}

export function isKind(name: string | undefined): name is Kind {
  return KINDS.includes(name as Kind);
}
