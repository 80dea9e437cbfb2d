import { createHmac } from "node:crypto";
import { eq } from "drizzle-orm";
import { POST as liftDoor } from "@/app/(customer)/management/suspensions/lift/route";
import { corporations, users } from "@/drizzle/schema";
import { confirmationPassword } from "@/lib/demo/cast.qa";
import type { browser } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { timeStepAt } from "@/lib/otp/totp";
import type { ProofAnswer } from "@/lib/platform/answer";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { tokenKey } from "@/lib/token/key";
import { dataInput, suiteOf, truncate } from "./ocra";
import { digestOf, readApprovalText } from "./statement";

/* For tests: what a phone's app makes of a QR code, with Node's crypto, and the posts of an act that is approved. */

type Pc = ReturnType<typeof browser>;
type StepUpPolicy = typeof corporations.$inferSelect["stepUpPolicy"];

export const idOf = async (loginId: string) => (await database().select({ id: users.id }).from(users).where(eq(users.loginId, loginId)))[0]!.id;

export const setPolicy = (stepUpPolicy: StepUpPolicy) => database().update(corporations).set({ stepUpPolicy });

export type Answered = Awaited<ReturnType<Pc["post"]>> & { refusal?: { code: string; attemptsLeft?: number; proof?: ProofAnswer } };

/** The suspension of these users lifted, as the form's button does it. */
export const lift = async (pc: Pc, loginIds: string[], proof: Record<string, string> = {}): Promise<Answered> =>
  pc.post(liftDoor, { users: (await Promise.all(loginIds.map(idOf))).join(","), confirmationPassword, ...proof });

/** The number that this user's phone shows for a QR code, `offset` time steps away from now. */
export async function codeFor(loginId: string, proof: ProofAnswer | undefined, offset = 0): Promise<string> {
  const request = readApprovalText(proof!.code!.qr)!;
  const { inUse } = await person(loginId).standing();
  const { now } = await readClock(database());
  const shape = { algorithm: inUse!.algorithm, digits: 6, timeStepSeconds: 60 };
  const question = Buffer.from(await digestOf(request.nonce, request.statement), "base64url").toString("hex");
  const data = dataInput(suiteOf(shape), question, timeStepAt(now, 60) + offset);
  return truncate(createHmac(inUse!.algorithm.replace("-", ""), tokenKey(inUse!)).update(data).digest(), 6);
}

/** As the page sends it: with the request that it was made for. */
export const byCode = async (loginId: string, proof: ProofAnswer | undefined, offset = 0) =>
  ({ approvalCode: await codeFor(loginId, proof, offset), approvalNonce: readApprovalText(proof!.code!.qr)!.nonce });

/** Six digits that are no code of the window's. */
export async function wrongCode(loginId: string, proof: ProofAnswer | undefined): Promise<string> {
  const right = await Promise.all([-1, 0, 1].map((offset) => codeFor(loginId, proof, offset)));
  return ["000000", "111111", "222222", "333333"].find((code) => !right.includes(code))!;
}
