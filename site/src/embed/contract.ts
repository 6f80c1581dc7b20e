/**
 * The contract between a page and the playground in its frame, version 1. It has one beginning and then a port:
 *
 *   page → frame   window message {iam: 1, type: "hello", nonce} with a MessagePort; nonce is any text of at most 128 characters.
 *                  The frame takes the first one that comes from its parent and has this form, and no window message afterwards.
 *   frame → page   on the port, first {iam: 1, type: "ready", nonce, api: 1, mode, modes}, then Told.
 *   page → frame   on the port, Asked.
 *
 * What is of another form, longer than limits.characters as JSON, or more than limits.messages in limits.period, is ignored without
 * an answer. The page can choose what is looked at, and is told what was answered; the scenario's text leaves the frame only when its
 * address says expose=scenario, which the frame shows to the reader.
 */
export const api = 1;

export const limits = { characters: 65_536, nonce: 128, messages: 20, period: 1000 };

/** Asked is what a page may ask of the frame. */
export type Asked =
  | { iam: 1; type: "set-request"; request: string }
  | { iam: 1; type: "set-theme"; theme: "auto" | "light" | "dark" }
  /** set-lang says in which language the page is; the texts are in English so far, whatever it is. */
  | { iam: 1; type: "set-lang"; lang: string }
  | { iam: 1; type: "reset" };

/** Told is what the frame tells the page. */
export type Told =
  | { iam: 1; type: "ready"; nonce: string; api: typeof api; mode: string; modes: readonly string[] }
  | { iam: 1; type: "result"; request: string; decision: string; stage: string; scenario?: string }
  | { iam: 1; type: "solved"; requests: number }
  | { iam: 1; type: "resize"; height: number }
  | { iam: 1; type: "error"; message: string };

function fields(data: unknown): Record<string, unknown> | null {
  return typeof data === "object" && data !== null && (data as { iam?: unknown }).iam === 1 ? (data as Record<string, unknown>) : null;
}

/** hello gives the nonce of a first message, or null for anything else. */
export function hello(data: unknown): string | null {
  const message = fields(data);
  return message?.type === "hello" && typeof message.nonce === "string" && message.nonce.length <= limits.nonce ? message.nonce : null;
}

/** asked reads a message of the page, or gives null for anything that is none. */
export function asked(data: unknown): Asked | null {
  const message = fields(data);
  const text = (value: unknown, most = limits.characters): value is string => typeof value === "string" && value.length <= most;
  switch (message?.type) {
    case "set-request":
      return text(message.request) ? { iam: 1, type: "set-request", request: message.request } : null;
    case "set-theme":
      return message.theme === "auto" || message.theme === "light" || message.theme === "dark" ? { iam: 1, type: "set-theme", theme: message.theme } : null;
    case "set-lang":
      return text(message.lang, 35) && /^[A-Za-z0-9-]+$/.test(message.lang) ? { iam: 1, type: "set-lang", lang: message.lang } : null;
    case "reset":
      return { iam: 1, type: "reset" };
  }
  return null;
}

/** meter counts messages; it gives false for those that are more than the limit in a period. */
export function meter(now: () => number): () => boolean {
  let begun = -Infinity;
  let count = 0;
  return () => {
    if (now() - begun >= limits.period) {
      begun = now();
      count = 0;
    }
    return ++count <= limits.messages;
  };
}
