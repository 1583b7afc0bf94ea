/** Honest states: nothing yet, nothing at all, nobody there. */

import type { ComponentChildren } from "preact";
import type { Problem } from "../api/client";
import type { Resource } from "../api/resource";

export function Skeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label="loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

const TROUBLES: Record<Exclude<Problem["kind"], "unauthorised">, string> = {
  away: "Nothing to show yet: the server does not answer",
  reading: "The server is still reading its topics",
  refused: "The server refused this",
};

function Trouble({ problem }: { problem: Problem }) {
  if (problem.kind === "unauthorised") return null; // The page asks for a token.
  const title = TROUBLES[problem.kind];
  return (
    <Empty title={title}>
      <p>{problem.message}</p>
    </Empty>
  );
}

interface LoadedProps<T> {
  of: Resource<T>;
  rows?: number;
  children: (data: T) => ComponentChildren;
}

/** What is shown of an answer: itself as long as there is any, else why there is none. */
export function Loaded<T>({ of, rows = 8, children }: LoadedProps<T>) {
  if (of.data !== null) return <div aria-busy={of.busy}>{children(of.data)}</div>;
  if (of.problem !== null) return <Trouble problem={of.problem} />;
  return <Skeleton rows={rows} />;
}
