import type { Act } from "@/lib/corporation/acts";
import type { Authentication } from "@/lib/corporation/authentication";
import type { UserClass } from "@/lib/corporation/user-classes";
import type { OpenedBy, SessionLevel } from "@/lib/login/session";
import type { NotAccepted } from "@/lib/passkey/judge";
import type { Flaw } from "@/lib/passkey/webauthn";
import type { RefusalReason } from "@/lib/refusals";
import type { CaseKind } from "@/lib/staff/case-kinds";
import type { Duty } from "@/lib/staff/duties";

/** Where a passkey is presented: as the second step of a login, or instead of both. */
type PasskeyScreen = "login" | "passkey_alone";

/** Where a one-time password is asked for. */
export type Screen = "login" | "confirmation" | "renewal" | "step_up";

/** What was proved anew, and how. `act` is ours (lib/corporation/acts.ts and what one changes of oneself) or a bank's own; `challengeId` where the request was used up. */
type Approval = { userId: string; act: string; bound: boolean };

/**
 * Everything worth a line in the audit log, in the past tense. The types are closed: no key, password or one-time password fits in.
 * `refused` marks a "no"; its reason is the refusal's, or finer.
 */
export type AuditEvent =
  | { name: "login_password.accepted"; userId: string; browserKnown: boolean }
  | { name: "login_password.refused"; userId?: string; reason: "wrong" | "temporarily_stopped" | "unknown_login_id" }
  | { name: "login_password.temporarily_stopped"; userId: string; counted: "account" | "browser"; until: string }
  | { name: "login_password.changed"; userId: string }
  | { name: "login_password.change_refused"; userId: string; reason: RefusalReason | "unfit" }
  | { name: "login.refused"; userId?: string; reason: RefusalReason }
  | { name: "one_time_password.accepted"; userId: string; tokenId: string; screen: Screen; timeStep: number; drift: number }
  | { name: "one_time_password.refused"; userId: string; tokenId: string; screen: Screen; reason: "wrong" | "stale"; failures: number }
  | { name: "one_time_password.replayed"; userId: string; tokenId: string; screen: Screen; timeStep: number }
  | { name: "one_time_password.not_evaluated"; userId?: string; screen: Screen; reason: RefusalReason }
  | { name: "passkey.registered"; userId: string; passkeyId: string; challengeId: string }
  | { name: "passkey.register_refused"; userId: string; reason: RefusalReason; challengeId?: string; flaw?: Flaw | "challenge" | "taken" }
  | { name: "passkey.accepted"; userId: string; passkeyId: string; challengeId: string; screen: PasskeyScreen; counter: number }
  | { name: "passkey.refused"; userId?: string; passkeyId?: string; challengeId?: string; screen: PasskeyScreen; reason: NotAccepted | "no_user_handle" }
  | { name: "passkey.not_evaluated"; userId?: string; challengeId?: string; screen: PasskeyScreen; reason: RefusalReason | "temporarily_stopped" }
  | { name: "passkey.removed"; userId: string; passkeyId: string; because: "removed" | "revoked" | "user_deleted" }
  | { name: "passkey.remove_refused"; userId: string; reason: RefusalReason; asked: string }
  | ({ name: "approval.requested" } & Approval)
  | ({ name: "approval.accepted"; challengeId: string } & Approval & (
    | { method: "passkey"; passkeyId: string; counter: number }
    | { method: "code"; tokenId: string; timeStep: number }
    | { method: "one_time_password"; tokenId: string }))
  | ({ name: "approval.refused"; challengeId?: string; passkeyId?: string; reason: NotAccepted | "wrong_code" | "method" | RefusalReason } & Approval)
  | { name: "user.suspended"; userId: string; failures: number }
  | { name: "suspension.lifted"; userId: string }
  | { name: "token.issued"; userId: string; tokenId: string; renewal: boolean }
  | { name: "token.issue_refused"; userId: string; reason: RefusalReason }
  | { name: "token.link_resent"; userId: string; tokenId: string; resends: number }
  | { name: "token.resend_refused"; userId: string; reason: RefusalReason }
  | { name: "token.set_up"; userId: string; tokenId: string; again: boolean }
  | { name: "token.set_up_refused"; userId?: string; tokenId?: string; reason: RefusalReason; failures?: number }
  | { name: "token.confirmed"; userId: string; tokenId: string; renewal: boolean }
  | { name: "token.revoked"; userId: string; tokenId: string }
  | { name: "suspension.lift_refused" | "token.revoke_refused"; userId?: string; reason: RefusalReason; asked?: string }
  | { name: "token.ended"; userId: string; tokenId: string; because: "reissued" | "renewed" | "replaced" | "set_up_failed" | "lapsed" | "service_ended" | "user_deleted" }
  | { name: "issuance_permission.opened"; userId: string; cause: string; closesAt: string }
  | { name: "issuance_permission.closed"; userId: string }
  | { name: "confirmation_password.refused"; userId: string; reason: "wrong" | RefusalReason; failures?: number }
  | { name: "confirmation_password.suspended"; userId: string; failures: number }
  | { name: "confirmation_password.lifted"; userId: string }
  | { name: "confirmation_password.issued"; userId: string }
  | { name: "confirmation_password.changed"; userId: string }
  | { name: "confirmation_password.change_refused"; userId: string; reason: RefusalReason | "unfit" }
  | { name: "login_password.issued"; userId: string }
  | { name: "login_password.suspended"; userId: string }
  | { name: "login_password.lifted"; userId: string }
  | { name: "user.registered"; userId: string; userClass: UserClass; by: "form" | "csv" | "counter" }
  | { name: "user.register_refused"; reason: RefusalReason | "login_id_taken" }
  | { name: "user.changed"; userId: string; changed: ("name" | "user_class" | "mail_address")[] }
  | { name: "user.stopped"; userId: string }
  | { name: "user.stop_released"; userId: string }
  | { name: "user.deleted"; userId: string }
  | { name: "user.act_refused"; userId?: string; act: Act; reason: RefusalReason; asked?: string }
  | { name: "users.exported"; users: number }
  | { name: "history.exported"; userId?: string }
  | { name: "session.opened"; userId: string; level: SessionLevel; by: OpenedBy }
  | { name: "session.ended"; userId: string; because: string }
  | { name: "access.refused"; userId?: string; reason: RefusalReason }
  | { name: "contract.registered"; contractNumber: string }
  | { name: "service.applied"; from: string; users: number }
  | { name: "service.ended"; users: number; tokens: number; passkeys: number }
  | { name: "contract.authentication_changed"; before: Authentication; after: Authentication }
  | { name: "step_floor.raised"; timeStep: number }
  | StaffEvent;

/** What a member of staff proved themselves anew for. */
export type StaffApproval = { caseNumber: string } | { act: "register_passkey" | "remove_passkey" };

/** What happens at the counter console alone, and what the bank does to the whole of the service. Customers are not shown it: their history has what it came to. */
export type StaffEvent =
  | { name: "staff.created" | "staff.changed"; staffId: string; duty: Duty; branch: string; changed?: string[] }
  | { name: "staff.password_accepted" }
  | { name: "staff.password_stopped"; counted: "account" | "browser"; until: string }
  | { name: "staff.login_refused"; reason: RefusalReason }
  | { name: "staff.password_refused"; reason: "wrong" | "temporarily_stopped" | "unknown_staff_id" }
  | { name: "staff.password_changed" }
  | { name: "staff.password_change_refused"; reason: RefusalReason | "unfit" }
  | { name: "staff.one_time_password_accepted"; timeStep: number; drift: number }
  | { name: "staff.one_time_password_refused"; reason: "wrong" | "stale" | "replayed" | RefusalReason; failures?: number }
  | { name: "staff.passkey_registered"; passkeyId: string; challengeId: string }
  | { name: "staff.passkey_register_refused"; reason: RefusalReason; challengeId?: string; flaw?: Flaw | "challenge" | "taken" }
  | { name: "staff.passkey_accepted"; passkeyId: string; challengeId: string; counter: number }
  | { name: "staff.passkey_refused"; passkeyId?: string; challengeId?: string; reason: NotAccepted | RefusalReason }
  | { name: "staff.passkey_removed"; staffId: string; passkeyId: string; because: "removed" | "revoked" }
  | { name: "staff.passkey_remove_refused"; reason: RefusalReason; asked?: string }
  | ({ name: "staff.approval_requested" } & StaffApproval)
  | ({ name: "staff.approval_accepted" } & StaffApproval & ({ method: "passkey"; passkeyId: string; challengeId: string; counter: number } | { method: "one_time_password"; timeStep: number; drift: number }))
  | ({ name: "staff.approval_refused" } & StaffApproval & (
    | { method?: "passkey"; passkeyId?: string; challengeId?: string; reason: NotAccepted | RefusalReason }
    | { method: "one_time_password"; reason: "wrong" | "stale" | "replayed"; failures: number }))
  | { name: "staff.suspended"; failures: number }
  | { name: "staff.session_opened" }
  | { name: "staff.session_ended"; because: string }
  | { name: "staff.access_refused"; reason: RefusalReason; path: string }
  | { name: "staff.cases_listed"; day?: string }
  | { name: "staff.searched"; key: string; found: string[] }
  | { name: "staff.contract_read"; contractNumber: string; search?: string; page?: number }
  | { name: "staff.user_read"; userId: string }
  | { name: "staff.case_read" | "staff.receipt_read"; caseNumber: string }
  | { name: "staff.audit_read" | "staff.audit_exported"; key: string }
  | { name: "staff.counts_exported"; day: string }
  | { name: "case.entered" | "case.entered_again"; caseNumber: string; kind: CaseKind; contractNumber: string; loginIds: string[]; documents: string[]; serviceAppliesFrom?: string; allowReissue?: boolean; authentication?: Authentication }
  | { name: "case.target_done" | "case.target_named"; userId: string; caseNumber: string; kind: CaseKind }
  | { name: "case.target_refused"; userId: string; caseNumber: string; kind: CaseKind; reason: RefusalReason }
  | { name: "case.enter_refused"; caseNumber?: string; reason: RefusalReason | "unfit" | "unknown_user"; asked?: string }
  | { name: "case.approved" | "case.carried_out"; caseNumber: string; kind: CaseKind; done: number; refused: number }
  | { name: "case.returned" | "case.withdrawn" | "case.slips_shown"; caseNumber: string }
  | { name: "case.slips_erased"; slips: number }
  | { name: "keys.rotated"; key: string; rows: number }
  | { name: "case.act_refused"; caseNumber: string; act: string; reason: RefusalReason };

const refusedEndings = [".refused", "_refused", ".replayed", ".not_evaluated"];

export const resultOf = ({ name }: Pick<AuditEvent, "name">): "done" | "refused" =>
  refusedEndings.some((ending) => name.endsWith(ending)) ? "refused" : "done";
