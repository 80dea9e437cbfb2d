import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import type { Statement } from "@/lib/approval/statement";

/** What a POST by script is answered, and what a state route says when it may not answer. Shared with the browser. */
export type RefusalAnswer = {
  code: string;
  what: string;
  next: string;
  ask: "manager" | "counter" | "helpdesk" | "headquarters";
  until?: string;
  attemptsLeft?: number;
  go?: string;
  /** Asked for before the act: the same form is sent again with it. */
  proof?: ProofAnswer;
};

/**
 * A fresh proof of who is there, by whichever way the person has: `passkey` are WebAuthn request options, `code` the text of the QR code that the phone's app
 * makes a code for, `oneTimePassword` says that an ordinary one will do. With a `statement` the proof is bound to what it says.
 */
export type ProofAnswer = { statement?: Statement; passkey?: PublicKeyCredentialRequestOptionsJSON; code?: { qr: string }; oneTimePassword?: true };

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
