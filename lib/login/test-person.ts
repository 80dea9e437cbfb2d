import { createECDH, hkdfSync, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { mailIntents, sessions, users } from "@/drizzle/schema";
import { activationPassword, loginPassword } from "@/lib/demo/cast.qa";
import type { MailContent } from "@/lib/mail/intents";
import { mailBinding } from "@/lib/mail/intents";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { assertionField } from "@/lib/passkey/fields";
import { askForPasskey, presentPasskey } from "@/lib/passkey/present";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { institution } from "@/lib/platform/institution";
import { fingerprint, unseal } from "@/lib/platform/keys";
import { inOneTransaction, type Work } from "@/lib/platform/transaction";
import { confirm } from "@/lib/token/confirm";
import { issue } from "@/lib/token/issue";
import { tokenKey } from "@/lib/token/key";
import { setUp, standingOfSetUp } from "@/lib/token/set-up";
import { presentOneTimePassword, halfLoginHolds } from "./present-one-time-password";
import { presentPassword } from "./present-password";
import { openSession } from "./session";
import { type Standing, standingOfHalfLogin, standingOfLoginId } from "./standing";

/** For tests: one of the cast at a browser of their own, using the verbs as the routes do, with a phone made of Node's crypto. */
export function person(loginId: string, browser = { hash: fingerprint(randomBytes(8).toString("hex")) }) {
  let halfLogin = "";
  const phone = createECDH("prime256v1");
  phone.generateKeys();

  const standing = async (): Promise<Standing> => (await database().transaction(standingOfLoginId(loginId, browser.hash))).standing!;
  const presentDigits = async (offset = 0) => {
    const { inUse, issuance } = await standing();
    const token = (inUse ?? issuance)!;
    const { now } = await readClock(database());
    return oneTimePassword(tokenKey(token), timeStepAt(now, 60) + offset, token.algorithm, 6);
  };

  return {
    loginId, browser, standing, presentDigits,
    as: <Value>(verb: (work: Work, standing: Standing) => Value | Promise<Value>) =>
      inOneTransaction(ourselves(), standingOfLoginId(loginId, browser.hash), (work, { standing }) => {
        work.corporationId = standing!.corporation.id;
        return verb(work, standing!);
      }),

    /** Step 1; remembers the half-login as the cookie would. */
    async password(password = loginPassword) {
      const result = await inOneTransaction(ourselves(), standingOfLoginId(loginId, browser.hash), (work, opened) =>
        presentPassword(work, opened.standing, password, browser));
      if (result.ok && "halfLogin" in result.value) halfLogin = result.value.halfLogin.secret;
      return result;
    },
    /** Step 2, behind the remembered half-login. */
    oneTimePassword: (presented: string) =>
      inOneTransaction(ourselves(), standingOfHalfLogin(halfLogin, browser.hash), (work, opened) =>
        presentOneTimePassword(work, opened.standing, presented, browser)),

    askForPasskey: () => inOneTransaction(ourselves(), standingOfHalfLogin(halfLogin, browser.hash), (work, opened) => askForPasskey(work, opened.standing)),
    /** Step 2 by a passkey, what its authenticator answered. */
    passkey: (credential: object) =>
      inOneTransaction(ourselves(), standingOfHalfLogin(halfLogin, browser.hash), (work, opened) =>
        presentPasskey(work, opened.standing, assertionField.parse(JSON.stringify(credential)), browser)),

    issue: (mailAddress = `${loginId}@example.jp`) =>
      inOneTransaction(ourselves(), standingOfHalfLogin(halfLogin, browser.hash), async (work, opened) => {
        const held = await halfLoginHolds(work, opened.standing, "issuance");
        return held.ok ? issue(work, held.value, { mailAddress, activationPassword }) : held;
      }),
    /** What the phone sends, from the three channels. */
    async channels() {
      const { issuance, user } = await standing();
      const mails = await database().select().from(mailIntents).where(eq(mailIntents.userId, user.id));
      const last = mails.filter((mail) => mail.sealedContent).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime()).at(-1);
      const content = last && JSON.parse(unseal(last.sealedContent!, mailBinding(last.id)).toString()) as MailContent & { link: string };
      return {
        serviceId: institution().serviceId, userNumber: issuance?.userNumber ?? "", activationPassword,
        link: content?.link ?? "", code: content?.link.split("#")[1] ?? "", phonePublicKey: phone.getPublicKey("base64url"),
      };
    },
    setUp: (given: Parameters<typeof setUp>[2]) =>
      inOneTransaction(ourselves(), standingOfSetUp(given), (work, opened) => setUp(work, opened.standing, given)),
    phonePublicKey: phone.getPublicKey("base64url"),
    /** The key the phone computes for itself. */
    phoneKey: (agreed: { id: string; serverPublicKey: string }, given: { serviceId: string; userNumber: string }) =>
      Buffer.from(hkdfSync("sha256", phone.computeSecret(Buffer.from(agreed.serverPublicKey, "base64url")), agreed.id,
        `ichido token v1|${given.serviceId}|${given.userNumber}|${agreed.id}`, 32)),
    confirm: (presented: string) =>
      inOneTransaction(ourselves(), standingOfHalfLogin(halfLogin, browser.hash), async (work, opened) => {
        const held = await halfLoginHolds(work, opened.standing, "confirmation");
        if (!held.ok) return held;
        const confirmed = await confirm(work, held.value, presented);
        if (confirmed.ok) openSession(work, held.value, browser, { by: "one_time_password", told: true });
        return confirmed;
      }),
    async openSessions() {
      const { user } = await standing();
      return (await database().select().from(sessions).where(eq(sessions.userId, user.id))).filter((session) => session.endedAt === null);
    },
    row: async () => (await database().select().from(users).where(eq(users.loginId, loginId)))[0]!,
  };
}

/** Six digits that none of the window's passwords is. */
export const wrongDigits = async (someone: ReturnType<typeof person>): Promise<string> => {
  const right = await Promise.all([-1, 0, 1].map((offset) => someone.presentDigits(offset)));
  return ["000000", "111111", "222222", "333333"].find((text) => !right.includes(text))!;
};
