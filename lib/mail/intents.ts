import type { Authentication } from "@/lib/corporation/authentication";

/** What may have become different about a user. */
export type UserChange =
  | "registered" | "registered_by_counter" | "changed" | "user_class" | "mail_address" | "stopped" | "stopped_by_counter" | "stop_released" | "deleted" | "permission_opened"
  | "login_password_issued" | "login_password_suspended" | "login_password_lifted"
  | "confirmation_password_issued" | "confirmation_password_lifted" | "confirmation_password_changed";

/** What each mail is about. The template turns it into words; none of them has room for an ID, a code or a password, but the link's own. */
export type MailContent =
  | { kind: "issuance_link"; link: string; validUntil: string }
  | { kind: "token_confirmed"; userName: string; at: string; network: string; renewal: boolean }
  | { kind: "suspended"; userName: string; at: string; network: string; forManagers: boolean }
  | { kind: "suspension_lifted"; userNames: string[]; at: string }
  | { kind: "token_revoked"; userNames: string[]; at: string }
  | { kind: "passkey_registered"; userName: string; passkeyName: string; at: string; network: string }
  | { kind: "passkey_removed"; userNames: string[]; passkeyName?: string; at: string }
  | { kind: "confirmation_password_suspended"; userName: string; at: string; network: string; forManagers: boolean }
  | { kind: "user_changed"; userNames: string[]; at: string; change: UserChange }
  | { kind: "one_time_password_replayed"; userName: string; at: string; network: string }
  | { kind: "accepted_after_wrong_ones"; userName: string; at: string; network: string; failures: number }
  | { kind: "new_environment"; userName: string; at: string; browser: string; network: string }
  | { kind: "login_temporarily_stopped"; userName: string; at: string; until: string; network: string }
  | { kind: "login_password_changed"; userName: string; at: string }
  | { kind: "token_expires_soon"; userName: string; expiresAt: string }
  | { kind: "service_applied"; corporationName: string; from: string }
  | { kind: "service_ended"; corporationName: string; at: string }
  | { kind: "authentication_changed"; corporationName: string; at: string; authentication: Authentication }
  | { kind: "audit_head"; corporationName: string; number: number; hash: string; sealedAt: string };

/** One mail to one address. Moments are ISO 8601; `tokenId` ties the link to its issuance, whose page tells the state of delivery. */
export type MailIntent = {
  corporationId: string;
  userId?: string;
  tokenId?: string;
  recipient: string;
  content: MailContent;
};

/** Binds a sealed link to its row. */
export const mailBinding = (mailId: string) => `mail_intents ${mailId}`;
