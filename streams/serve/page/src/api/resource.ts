/** An answer of the API that is kept up to date: by the live stream's hints, and by asking again after a failure. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type Kind, onHint } from "../live/hints";
import { ask, Problem } from "./client";

/** Hints come in bursts: between two questions lies this much. */
const AGAIN_MS = 2_000;
const RETRY_MS = 5_000;
/** Without a live stream the page still moves on. */
const POLL_MS = 30_000;

export interface Resource<T> {
  /** The newest answer; it stays while a newer one is asked for, and when that fails. */
  data: T | null;
  problem: Problem | null;
  busy: boolean;
}

/** The answer to `path`, asked again when one of `kinds` changes; `null` asks nothing. */
export function useResource<T>(path: string | null, kinds: readonly Kind[]): Resource<T> {
  const [state, setState] = useState<Resource<T>>({ data: null, problem: null, busy: true });
  const asked = useRef(kinds);
  useEffect(() => {
    if (path === null) return;
    setState((old) => ({ ...old, busy: true }));
    return keepAsking<T>(path, asked.current, setState);
  }, [path]);
  return state;
}

type Update<T> = (change: (old: Resource<T>) => Resource<T>) => void;

function keepAsking<T>(path: string, kinds: readonly Kind[], update: Update<T>): () => void {
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due_ms = Number.POSITIVE_INFINITY;

  const askIn = (wait_ms: number) => {
    const at_ms = Date.now() + wait_ms;
    if (ended.signal.aborted || at_ms >= due_ms) return;
    clearTimeout(timer);
    due_ms = at_ms;
    timer = setTimeout(askNow, wait_ms);
  };
  const askNow = async () => {
    due_ms = Number.POSITIVE_INFINITY;
    try {
      const data = await ask<T>(path, ended.signal);
      if (!ended.signal.aborted) update(() => ({ data, problem: null, busy: false }));
      askIn(POLL_MS);
    } catch (error) {
      if (ended.signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem("refused", String(error), 0);
      const passes = problem.kind === "away" || problem.kind === "reading";
      update((old) => ({ data: passes ? old.data : null, problem, busy: false }));
      askIn(passes ? RETRY_MS : POLL_MS);
    }
  };
  const stopHints = onHint(kinds, () => askIn(AGAIN_MS));
  void askNow();
  return () => {
    ended.abort();
    clearTimeout(timer);
    stopHints();
  };
}
