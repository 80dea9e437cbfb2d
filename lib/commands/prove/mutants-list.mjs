// Guards of the product, each with what is taken away and the test that has to notice. `npm run prove:mutants` takes them away one at a time.

/** @typedef {{ guard: string, file: string, original: string, mutant: string, testFile: string, test: string }} Mutant */

/** @type {Mutant[]} */
export const mutants = [
  {
    guard: "the user's row is locked",
    file: "lib/login/standing.ts", original: `.for("update", { of: users })`, mutant: "",
    testFile: "lib/login/one-time-password.race.test.ts", test: "50 parallel wrong ones count exactly five, suspend once and mail once; a right one after them is refused",
  },
  {
    guard: "after a wait for the lock everything is read anew",
    file: "lib/login/standing.ts", original: "return again ? statement(tx, given) : standings;", mutant: "return standings;",
    testFile: "lib/login/one-time-password.race.test.ts", test: "50 parallel wrong ones count exactly five, suspend once and mail once; a right one after them is refused",
  },
  {
    guard: "every wrong one-time password counts",
    file: "lib/suspension/count-failure.ts", original: "const failures = user.oneTimePasswordFailures + 1;", mutant: "const failures = user.oneTimePasswordFailures;",
    testFile: "lib/login/one-time-password.race.test.ts", test: "50 parallel wrong ones count exactly five, suspend once and mail once; a right one after them is refused",
  },
  {
    guard: "a suspension is asked for again at the second step",
    file: "lib/login/present-one-time-password.ts", original: `if ("refused" in next && next.refused !== "waiting_after_revocation") return`, mutant: `if ("refused" in next && next.refused === "user_stopped") return`,
    testFile: "lib/login/login.test.ts", test: "password step done before the suspension, one-time password after it: refused",
  },
  {
    guard: "a suspension ends sessions and half-logins",
    file: "lib/suspension/count-failure.ts", original: `  endAccess(work, [standing], "suspended");\n`, mutant: "",
    testFile: "lib/login/login.test.ts", test: "the fifth wrong one suspends: session and half-login are gone, the right one is refused, user and managers are told",
  },
  {
    guard: "an accepted time step is never accepted again",
    file: "lib/otp/verifier.ts", original: "lastTimeStep === null || timeStep > lastTimeStep", mutant: "lastTimeStep === null || timeStep >= 0",
    testFile: "lib/otp/verifier.test.ts", test: "the last accepted time step is refused, and every one before it",
  },
  {
    guard: "in a new life of the database nothing is accepted before its step floor",
    file: "lib/token/step-floor.ts", original: "floor ?? newestAcceptable(now)", mutant: "floor ?? 0",
    testFile: "lib/token/step-floor.test.ts", test: "after a promotion that lost an acceptance the same one-time password is refused, whether or not the floor is written already; the next time step is accepted",
  },
  {
    guard: "the next time step is accepted in its last seconds only",
    file: "lib/otp/verifier.ts", original: "policy.acceptedSecondsAhead * 1_000", mutant: "policy.timeStepSeconds * 1_000",
    testFile: "lib/otp/verifier.test.ts", test: "in the middle of a time step, 1 is accepted: false",
  },
  {
    guard: "input is normalised before anything is compared",
    file: "lib/otp/verifier.ts", original: `text.normalize("NFKC").replace(`, mutant: "text.replace(",
    testFile: "lib/otp/verifier.test.ts", test: "\"１２３４５６\" is 123456",
  },
  {
    guard: "a login ID that does not exist takes a hash's time",
    file: "lib/login/present-password.ts", original: "  if (!standing) {\n    await passwordMatches(null, password);\n", mutant: "  if (!standing) {\n",
    testFile: "lib/login/same-work.test.ts", test: "an unknown ID, a wrong password and a stopped count take one hash each",
  },
  {
    guard: "a revoked token's time decides, and not less",
    file: "lib/token/states.ts", original: `reissuableAt(revokedAt) > now) return "revoked"`, mutant: `reissuableAt(revokedAt) > new Date(now.getTime() + 1_000)) return "revoked"`,
    testFile: "lib/token/states.test.ts", test: "",
  },
  {
    guard: "a token's key dies with it",
    file: "lib/token/end.ts", original: "sealedKey: null, activationPasswordHash", mutant: "activationPasswordHash",
    testFile: "app/management.test.ts", test: "one result a user; the wait, the permission, the end of sessions and keys, in one transaction",
  },
  {
    guard: "a sealed key opens in its own row only",
    file: "lib/token/key.ts", original: "`tokens ${corporationId} ${userId} ${id}`", mutant: "`tokens`",
    testFile: "lib/token/issuance.test.ts", test: "a key sealed for one user does not open in another's row",
  },
  {
    guard: "users are found by the session's own company",
    file: "lib/login/standing.ts", original: `eq(users.corporationId, sql.placeholder("corporationId")), sql`, mutant: `sql\`\${sql.placeholder("corporationId")}::uuid is not null\`, sql`,
    testFile: "app/management.test.ts", test: "POST /management/suspensions/lift for another company's manager: nothing of ours is seen or changed, and the answer is that for who does not exist",
  },
  {
    guard: "the session's row is asked whether it has ended",
    file: "lib/login/guards.ts", original: "  if (session.endedBecause) throw new NotAllowed({ reason: told[session.endedBecause] }, subject);\n", mutant: "",
    testFile: "app/doors.test.ts", test: "logging out ends the row: the cookie put back opens nothing",
  },
  {
    guard: "whoever acts on others has the class for it",
    file: "lib/login/guards.ts", original: "if (!isManager(session.user.userClass)) throw", mutant: "if (false) throw",
    testFile: "app/management.test.ts", test: "GET /management/users/state for general user: refused, audited, nothing changed, also for a user who does not exist",
  },
  {
    guard: "the confirmation password is counted",
    file: "lib/login/confirm-password.ts", original: "const failures = user.confirmationFailures + 1;", mutant: "const failures = user.confirmationFailures;",
    testFile: "app/management.test.ts", test: "from two left it says how many; five in a row are 利用停止, and then the right one is refused on every screen",
  },
  {
    guard: "a link leads to our own host",
    file: "lib/token/issue.ts", original: "`${env().PUBLIC_ORIGIN}/authenticator/start#${code}`", mutant: "`https://evil.example/authenticator/start#${code}`",
    testFile: "lib/token/issuance.test.ts", test: "each issuance has a key of its own, from 256 random bits, and a link to our own host",
  },
  {
    guard: "no acceptance without its event",
    file: "lib/platform/transaction.ts", original: `if (events.length > 0) work.save("audit"`, mutant: `if (events.length > 99) work.save("audit"`,
    testFile: "lib/login/login.test.ts", test: "what the audit log cannot take is not accepted: no session, no spent time step, and afterwards the same one-time password is let in",
  },
  {
    guard: "a mail is written with what it tells",
    file: "lib/platform/transaction.ts", original: `if (mails.length > 0) work.save("mails"`, mutant: `if (mails.length > 99) work.save("mails"`,
    testFile: "lib/login/login.test.ts", test: "the fifth wrong one suspends: session and half-login are gone, the right one is refused, user and managers are told",
  },
  {
    guard: "a post comes from our own pages",
    file: "lib/platform/http.ts", original: `if (!origins().includes(request.headers.get("origin") ?? "")) throw`, mutant: "if (false) throw",
    testFile: "lib/platform/http.test.ts", test: "",
  },
  {
    guard: "nobody approves a case that they entered",
    file: "lib/staff/decide-case.ts", original: `return own ? no("own_case") : done(found);`, mutant: "return done(found);",
    testFile: "lib/staff/cases.test.ts", test: "whoever entered a case approves and returns it in no duty, in two tabs neither",
  },
  {
    guard: "a case is decided once",
    file: "lib/staff/decide-case.ts", original: `if (afterEvent(found.state, event) === undefined) return no("case_decided");\n`, mutant: "\n",
    testFile: "lib/staff/cases.test.ts", test: "withdrawn is withdrawn: approving after it changes nothing; only who entered it withdraws",
  },
  {
    guard: "what an approver saw is what is done",
    file: "lib/staff/decide-case.ts", original: "if (seen !== seenNow(open) || ", mutant: "if (",
    testFile: "lib/staff/cases.test.ts", test: "a target that changed since the approver looked asks again, and then goes",
  },
  {
    guard: "a customer's cookie is no staff session",
    file: "lib/staff/session.ts", original: `const salt = "ichido staff session";`, mutant: `const salt = "";`,
    testFile: "lib/staff/session.test.ts", test: "a customer's cookie does not open as a staff session, nor the reverse",
  },
  {
    guard: "a challenge of a passkey is used once",
    file: "lib/passkey/store.ts",
    original: "isNull(passkeyChallenges.usedAt), gt(passkeyChallenges.expiresAt, work.now),",
    mutant: "gt(passkeyChallenges.expiresAt, work.now),",
    testFile: "lib/passkey/present.test.ts",
    test: "a challenge used before, even if it was for nothing",
  },
  {
    guard: "a challenge of a passkey is of one half-login",
    file: "lib/passkey/store.ts",
    original: "bound,\n",
    mutant: "\n",
    testFile: "lib/passkey/present.test.ts",
    test: "a challenge of an earlier half-login, or of another user's",
  },
  {
    guard: "a passkey's counter never falls",
    file: "lib/passkey/webauthn.ts",
    original: 'return fell ? { flaw: "counter" } : { counter };',
    mutant: "return { counter };",
    testFile: "lib/passkey/present.test.ts",
    test: "with a counter that stands still",
  },
  {
    guard: "a passkey is its own user's",
    file: "lib/passkey/judge.ts",
    original: "if (ownerId !== personId || (",
    mutant: "if ((",
    testFile: "lib/passkey/present.test.ts",
    test: "another user's credential, with a challenge of one's own",
  },
  {
    guard: "a removed passkey opens nothing",
    file: "lib/passkey/judge.ts",
    original: 'if (passkey.removedAt) return { passkeyId, reason: "removed" };',
    mutant: "",
    testFile: "lib/passkey/present.test.ts",
    test: "a credential that was removed, while another is registered",
  },
  {
    guard: "a challenge of a member of staff's passkey is of one half-login",
    file: "lib/staff/passkey-store.ts",
    original: "bound,\n",
    mutant: "\n",
    testFile: "lib/staff/passkey.test.ts",
    test: "for the challenge of an earlier half-login, of somebody else's, or of a registration",
  },
  {
    guard: "where passkeys are required, who has one is let in by nothing else",
    file: "lib/staff/passkey-store.ts",
    original: "oneTimePassword: !passkey || !passkeysAreRequired()",
    mutant: "oneTimePassword: true",
    testFile: "lib/staff/passkey.test.ts",
    test: "whoever has one is let in by nothing else",
  },
  {
    guard: "a passkey is no way round 利用停止",
    file: "lib/login/states.ts",
    original: 'if ("refused" in next || next.step === "session") return false;\n  if (step === "passkey") return passkeySince !== null;',
    mutant: 'if (step === "passkey") return passkeySince !== null;\n  if ("refused" in next || next.step === "session") return false;',
    testFile: "lib/login/states.test.ts",
    test: "",
  },
];
