import { createHmac } from "node:crypto";
import { dataInput, suiteOf, truncate } from "../lib/approval/ocra";
import { digestOf, readApprovalText } from "../lib/approval/statement";
import type { Qa } from "./qa";

type Phone = { token: { loginId: string; algorithm: string }; key: string };

/** What this user's phone makes of a QR code's text. */
export async function approvalNumber(qa: Qa, loginId: string, qr: string): Promise<string> {
  const { nonce, statement } = readApprovalText(qr)!;
  const phones = (await (await qa.request.get("/qa/api/phones")).json()) as Phone[];
  const { token, key } = phones.find((phone) => phone.token.loginId === loginId)!;
  const shape = { algorithm: token.algorithm as "SHA-256", digits: 6, timeStepSeconds: 60 };
  const question = Buffer.from(await digestOf(nonce, statement), "base64url").toString("hex");
  const data = dataInput(suiteOf(shape), question, Math.floor((await qa.now()).getTime() / 60_000));
  return truncate(createHmac(token.algorithm.replace("-", ""), Buffer.from(key, "base64url")).update(data).digest(), 6);
}
