/*
 * R22 once more, for one case about one suspended user and four people at the counter: as small as it can be said, with no database and not a
 * line shared with the rules. `case-model.test.ts` does the same things to both.
 */

export type Duty = "clerk" | "approver" | "auditor";

type CaseModel = {
  duties: Duty[];
  case: { state: "waiting" | "returned" | "withdrawn" | "done"; by: number } | null;
  suspended: boolean;
  /** How many there have been: what an approver sees is the last entry, and which suspension is open, if any. */
  entries: number;
  suspensions: number;
  /** What each of the four looked at last. */
  seen: (string | null)[];
};

export type CaseAct =
  | { do: "enter" | "look" | "approve" | "return" | "withdraw"; who: number }
  | { do: "get duty"; who: number; duty: Duty }
  | { do: "suspend" | "lift elsewhere" };

export type CaseAnswer = "ok" | "staff_not_permitted" | "number_taken" | "unknown_case" | "case_decided" | "own_case" | "not_own_case" | "case_changed";

export const quietCounter = (): CaseModel => ({ duties: ["clerk", "clerk", "approver", "approver"], case: null, suspended: true, entries: 0, suspensions: 1, seen: [null, null, null, null] });

const seenNow = ({ entries, suspended, suspensions }: CaseModel) => `entry ${entries}, suspension ${suspended ? suspensions : "none"}`;

/** Does it to the model, and says what must be answered. */
export function actOnCase(m: CaseModel, what: CaseAct): CaseAnswer {
  switch (what.do) {
    case "suspend":
      if (!m.suspended) Object.assign(m, { suspended: true, suspensions: m.suspensions + 1 });
      return "ok";
    case "lift elsewhere":
      m.suspended = false;
      return "ok";
    case "get duty":
      m.duties[what.who] = what.duty;
      return "ok";
    case "enter":
      if (m.duties[what.who] !== "clerk") return "staff_not_permitted";
      if (m.case && !(m.case.state === "returned" && m.case.by === what.who)) return "number_taken";
      m.case = { state: "waiting", by: what.who };
      m.entries += 1;
      return "ok";
    case "look":
      m.seen[what.who] = seenNow(m);
      return "ok";
    case "withdraw":
      return withdraw(m, what.who);
    default:
      return decide(m, what.do, what.who);
  }
}

function withdraw(m: CaseModel, who: number): CaseAnswer {
  if (m.duties[who] === "auditor") return "staff_not_permitted";
  if (!m.case) return "unknown_case";
  if (m.case.state === "withdrawn" || m.case.state === "done") return "case_decided";
  const may = m.duties[who] === "clerk" ? m.case.by === who : m.case.by !== who && m.case.state === "returned";
  if (!may) return "not_own_case";
  m.case.state = "withdrawn";
  return "ok";
}

function decide(m: CaseModel, decision: "approve" | "return", who: number): CaseAnswer {
  if (m.duties[who] !== "approver") return "staff_not_permitted";
  if (!m.case) return "unknown_case";
  if (m.case.state !== "waiting") return "case_decided";
  if (m.case.by === who) return "own_case";
  if (decision === "return") {
    m.case.state = "returned";
    return "ok";
  }
  if (m.seen[who] !== seenNow(m)) return "case_changed";
  m.case.state = "done";
  m.suspended = false;
  return "ok";
}
