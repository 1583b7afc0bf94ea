/** The live stream: server-sent events over fetch, for the browser's own EventSource can't send a token. */

import { createParser } from "eventsource-parser";
import { API } from "../api/client";
import { authorization } from "../api/token";
import { connection, live } from "../state/connection";
import { hint, hintAll, isKind } from "./hints";

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 30_000;
/** The server's heartbeat comes every 15 s: after two that are missing the connection is dead, whatever TCP says. */
const SILENCE_MAX_MS = 40_000;

/** Listen until the signal aborts, connecting again whenever the stream ends. */
export async function listen(signal: AbortSignal): Promise<void> {
  let wait_ms = RETRY_MIN_MS;
  let again = false;
  while (!signal.aborted) {
    const heard = await once(signal, again ? hintAll : () => {});
    again ||= heard;
    if (signal.aborted) return;
    live.value = "off";
    wait_ms = heard ? RETRY_MIN_MS : Math.min(2 * wait_ms, RETRY_MAX_MS);
    await pause(wait_ms, signal);
  }
}

/** One connection, until it ends; whether there was one at all. */
async function once(signal: AbortSignal, onOpen: () => void): Promise<boolean> {
  const silence = new AbortController();
  const either = AbortSignal.any([signal, silence.signal]);
  try {
    const response = await fetch(`${API}/live`, {
      headers: { Accept: "text/event-stream", ...authorization() },
      cache: "no-store",
      signal: either,
    });
    if (response.status === 401) connection.refusedUs();
    if (!response.ok || response.body === null) return false;
    live.value = "on";
    onOpen();
    await read(response.body, () => silence.abort());
    return true;
  } catch {
    return live.value === "on";
  }
}

async function read(body: ReadableStream<Uint8Array>, onSilence: () => void): Promise<void> {
  const parser = createParser({
    onEvent: ({ event }) => {
      if (isKind(event)) hint(event);
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const watchdog = setTimeout(onSilence, SILENCE_MAX_MS);
    try {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    } finally {
      clearTimeout(watchdog);
    }
  }
}

function pause(wait_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait_ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
