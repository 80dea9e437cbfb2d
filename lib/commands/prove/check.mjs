// What the client was answered against what the database says: every event of the audit log names the request that it came from.

/** @typedef {import("./client.mjs").Sent} Sent */

/** The events that a success of each kind leaves, each once; after a refusal there is none of them. @type {Record<string, string[]>} */
const leaves = {
  "one-time password": ["one_time_password.accepted", "session.opened"],
  "wrong one-time password": ["one_time_password.accepted", "session.opened"],
  replay: ["one_time_password.accepted", "session.opened"],
  "wrong password": ["login_password.accepted"],
  passkey: ["passkey.accepted", "session.opened"],
  "wrong passkey": ["passkey.accepted", "session.opened"],
  "passkey again": ["passkey.accepted", "session.opened"],
  "new passkey": ["passkey.registered"],
  "passkey's removal": ["passkey.removed"],
  issuance: ["token.issued"],
  renewal: ["one_time_password.accepted", "token.issued"],
  "set-up": ["token.set_up"],
  "set-up again": ["token.set_up"],
  "wrong set-up": ["token.set_up"],
  confirmation: ["one_time_password.accepted", "token.confirmed", "session.opened"],
  "renewed confirmation": ["one_time_password.accepted", "token.confirmed"],
  case: ["case.entered"],
  approval: ["case.approved"],
  "staff one-time password": ["staff.one_time_password_accepted", "staff.session_opened"],
};
/** What may never be answered with yes. */
const neverOk = ["wrong one-time password", "replay", "wrong password", "wrong passkey", "passkey again", "wrong set-up"];

/** One of these, at least, after a yes; none after a no. @type {Record<string, string[]>} */
const leavesSome = {
  password: ["login_password.accepted"],
  lift: ["suspension.lifted", "suspension.lift_refused"],
  revocation: ["token.revoked", "passkey.removed", "token.revoke_refused"],
};
/** A right password may be refused for another reason, which is told after it only. */
const acceptedAndRefused = ["password"];

/** @param {Sent[]} sent @param {{ network: string, name: string, count: number }[]} events @returns {string[]} a sentence for each thing that does not fit */
export function contradictions(sent, events) {
  /** @type {Map<string, Map<string, number>>} */
  const found = new Map();
  for (const { network, name, count } of events) found.set(network, (found.get(network) ?? new Map()).set(name, count));
  const problems = sent.flatMap((request) => {
    const { address, kind, outcome, status } = request;
    const at = found.get(address) ?? new Map();
    found.delete(address);
    const counts = (leaves[kind] ?? []).map((name) => at.get(name) ?? 0);
    const some = (leavesSome[kind] ?? []).reduce((sum, name) => sum + (at.get(name) ?? 0), 0);
    const says = `${kind} from ${address} was answered ${outcome} (${status} ${request.code ?? request.note ?? ""}); the log has ${JSON.stringify([...at])}`;
    if (neverOk.includes(kind)) return outcome === "ok" || counts.some((count) => count > 0) ? [says] : [];
    const whole = counts.every((count) => count === 1);
    const none = counts.every((count) => count === 0);
    if (outcome === "ok") return whole && (!leavesSome[kind] || some > 0) ? [] : [says];
    if (outcome === "refused") return none && (some === 0 || acceptedAndRefused.includes(kind)) ? [] : [says];
    return none || whole ? [] : [says];
  });
  const strangers = [...found].map(([address, names]) => `nobody sent what ${address} did: ${JSON.stringify([...names])}`);
  return [...problems, ...strangers];
}
