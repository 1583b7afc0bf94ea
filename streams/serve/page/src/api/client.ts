/** Asking the API. What goes wrong is one of few things to a person: no leave, a refused question, nobody there yet. */

import { learnTime } from "../state/clock";
import { connection } from "../state/connection";
import { authorization } from "./token";

export const API = "/api/v1";
/** The code of a server that has not read its topics to their ends once. */
const NOT_READY = "not_ready";
const PATIENCE_MS = 20_000;

export type ProblemKind = "unauthorised" | "refused" | "reading" | "away";

export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The answer to a question. The browser keeps earlier ones with their ETags, and asks only whether they still hold. */
export async function ask<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await reach(path, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  if (response.ok) {
    connection.answered();
    const body = (await response.json()) as T;
    learnTime(body);
    return body;
  }
  const { code, message } = await errorOf(response);
  if (response.status === 401) {
    connection.refusedUs();
    throw new Problem("unauthorised", message, 401);
  }
  if (code === NOT_READY) {
    connection.answered();
    throw new Problem("reading", message, response.status);
  }
  if (response.status >= 500) {
    connection.went(message);
    throw new Problem("away", message, response.status);
  }
  connection.answered();
  throw new Problem("refused", message, response.status);
}

async function reach(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(API + path, { headers: authorization(), cache: "no-cache", signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    connection.went("it can't be reached");
    throw new Problem("away", "The server can't be reached.", 0);
  }
}

async function errorOf(response: Response): Promise<{ code: string; message: string }> {
  try {
    const body = (await response.json()) as { error: { code: string; message: string } };
    return body.error;
  } catch {
    return { code: "", message: `it answered ${response.status} ${response.statusText}`.trim() };
  }
}
