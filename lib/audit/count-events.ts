import { counter } from "@/lib/platform/prometheus.mjs";
import { caseKinds } from "@/lib/staff/case-kinds";
import type { AuditEvent, StaffEvent } from "./events";
import { eventWords, staffEventLabels } from "./words";

type EventName = AuditEvent["name"];

const events = counter({
  name: "ichido_events_total", help: "Audit events committed, by name: suspensions (user.suspended), lifts, revocations, issuances and everything else.",
  labels: { event: Object.keys({ ...eventWords, ...staffEventLabels }) as EventName[] },
});

const logins = counter({
  name: "ichido_logins_total", help: "Customers' logins by outcome; opened: a session.",
  labels: { outcome: ["opened", "wrong_password", "unknown_login_id", "temporarily_stopped", "refused"] },
});

const oneTimePasswords = counter({
  name: "ichido_one_time_passwords_total", help: "Customers' one-time passwords by result and screen.",
  labels: { result: ["accepted", "wrong", "replayed", "not_evaluated"], screen: ["login", "confirmation", "renewal", "step_up"] },
});

const staffLogins = counter({
  name: "ichido_staff_logins_total", help: "Staff logins by outcome; opened: a session.",
  labels: { outcome: ["opened", "wrong_password", "unknown_staff_id", "temporarily_stopped", "one_time_password_refused", "refused"] },
});

type CaseEvent = Extract<StaffEvent["name"], `case.${string}`>;
const cases = counter({
  name: "ichido_cases_total", help: "Events of the counter's cases, by event and kind; unstated where the event does not say the kind.",
  labels: { event: Object.keys(staffEventLabels).filter((name): name is CaseEvent => name.startsWith("case.")), kind: [...caseKinds, "unstated"] },
});

/** Counts what has been committed. A new event is counted by its name without another line here; what is below is what some count as besides. */
export function countEvent(event: AuditEvent): void {
  events.add({ event: event.name });
  if (isOfCase(event)) cases.add({ event: event.name, kind: "kind" in event ? event.kind : "unstated" });
  switch (event.name) {
    case "session.opened": return logins.add({ outcome: "opened" });
    case "login_password.refused": return logins.add({ outcome: event.reason === "wrong" ? "wrong_password" : event.reason });
    case "login.refused": return logins.add({ outcome: "refused" });
    case "one_time_password.accepted": return oneTimePasswords.add({ result: "accepted", screen: event.screen });
    case "one_time_password.refused": return oneTimePasswords.add({ result: "wrong", screen: event.screen });
    case "one_time_password.replayed": return oneTimePasswords.add({ result: "replayed", screen: event.screen });
    case "one_time_password.not_evaluated": return oneTimePasswords.add({ result: "not_evaluated", screen: event.screen });
    case "staff.session_opened": return staffLogins.add({ outcome: "opened" });
    case "staff.password_refused": return staffLogins.add({ outcome: event.reason === "wrong" ? "wrong_password" : event.reason });
    case "staff.one_time_password_refused": return staffLogins.add({ outcome: "one_time_password_refused" });
    case "staff.login_refused": return staffLogins.add({ outcome: "refused" });
  }
}

const isOfCase = (event: AuditEvent): event is Extract<AuditEvent, { name: CaseEvent }> => event.name.startsWith("case.");
