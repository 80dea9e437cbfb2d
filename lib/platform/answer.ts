/** What a POST by script is answered, and what a state route says when it may not answer. Shared with the browser. */
export type RefusalAnswer = {
  code: string;
  what: string;
  next: string;
  ask: "manager" | "counter" | "helpdesk";
  until?: string;
  attemptsLeft?: number;
  go?: string;
};

export type Answer<Extras = object> =
  | ({ ok: true; go: string } & Extras)
  | { ok: false; refusal: RefusalAnswer }
  | { ok: false; fields: Record<string, string> };

export type SessionAnswer = { now: string; idleEndsAt: string; endsAt: string };
