/** What a POST by script is answered, and what a state route says when it may not answer. Shared with the browser. */
export type RefusalAnswer = {
  code: string;
  what: string;
  next: string;
  ask: "manager" | "counter" | "helpdesk" | "headquarters";
  until?: string;
  attemptsLeft?: number;
  go?: string;
};

export type Answer<Extras = object> =
  | ({ ok: true; go: string } & Extras)
  | { ok: false; refusal: RefusalAnswer }
  | { ok: false; fields: Record<string, string> };

/** Who looks at a screen, for its header, menu and idle dialog. */
export type ViewerAnswer = {
  company: string;
  user: { loginId: string; name: string; userClass: "master" | "administrator" | "general" };
  isManager: boolean;
  session: SessionAnswer;
};

export type SessionAnswer = { now: string; idleEndsAt: string; endsAt: string };
