import { z } from "zod";
import { setCookie } from "@/lib/platform/cookies";
import { env } from "@/lib/platform/env";
import { post } from "@/lib/platform/http";
import { institution } from "@/lib/platform/institution";
import { atTheBench } from "@/lib/platform/password";
import { withoutSeparators } from "@/lib/platform/separators";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { isPublicKey } from "@/lib/token/key-agreement";
import { normalizeLinkCode } from "@/lib/token/link-code";
import { setUp, standingOfSetUp } from "@/lib/token/set-up";

/** What cannot be meant is empty, and matches nothing: one answer whichever part is wrong (R9). */
const digits = (pattern: RegExp) => z.string().max(200).default("")
  .transform(withoutSeparators).transform((plain) => (pattern.test(plain) ? plain : ""));

const fields = z.object({
  serviceId: digits(/^[0-9A-Za-z]{1,32}$/),
  userId: digits(/^[0-9]{12}$/),
  activationPassword: digits(/^[0-9]{6,8}$/),
  code: z.string().max(200).default("").transform((text) => normalizeLinkCode(text) ?? ""),
  publicKey: z.string({ error: "この端末では初期設定ができません。" }).max(200).refine(isPublicKey, "この端末では初期設定ができません。"),
});

const cookieLifeSeconds = 400 * 86_400;

export const POST = post({ fields, back: "/authenticator" }, async ({ caller, input }) => {
  const given = {
    serviceId: input.serviceId, userNumber: input.userId, activationPassword: input.activationPassword, code: input.code, phonePublicKey: input.publicKey,
  };
  const result = await atTheBench(() =>
    inOneTransaction(caller, standingOfSetUp(given), (work, { standing }) => setUp(work, standing, given)));
  if (!result.ok) return { refusal: result.refusal };

  const { id, serverPublicKey, company, loginId, expiresAt } = result.value;
  const { name, serviceId } = institution();
  const token = {
    id, publicKey: serverPublicKey, institution: name, company, loginId, expiresAt, host: new URL(env().PUBLIC_ORIGIN).host, serviceId, userId: given.userNumber,
    algorithm: "SHA-256", timeStepSeconds: policy.timeStepSeconds, digits: policy.digits,
  };
  return { go: "/authenticator", cookies: [setCookie("phone", "1", cookieLifeSeconds)], extras: { token } };
});
