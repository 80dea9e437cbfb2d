import { subscribe } from "node:diagnostics_channel";
import { Resend } from "resend";
import { env } from "@/lib/platform/env";
import { messageId, type Outcome, type Transport } from "./transport";

/*
 * Resend's SDK answers a refused connection and one that was cut after the mail was accepted with the same error. The first may be
 * repeated for ever, the second only while Resend remembers the idempotency key; so Node's own fetch is asked whether the request left.
 */
const keyHeader = /^idempotency-key: *(\S+)/im;
const left = new Set<string>();

subscribe("undici:client:sendHeaders", (message) => {
  const key = keyHeader.exec((message as { headers: string }).headers)?.[1];
  if (key) left.add(key);
});

export const resend: Transport = async (mail, { idempotencyKey, signal }) => {
  const { RESEND_API_KEY, RESEND_BASE_URL, MAIL_FROM } = env();
  const { to, subject, text, html } = mail;
  const client = new Resend(RESEND_API_KEY, { baseUrl: RESEND_BASE_URL?.replace(/\/+$/, "") });
  const headers = { "Message-ID": messageId(idempotencyKey, MAIL_FROM) };
  left.delete(idempotencyKey);
  try {
    const answer = await client.emails.send({ from: MAIL_FROM, to: [to], subject, text, html, headers }, { idempotencyKey, signal });
    if (!answer.error) return "sent";
    if (answer.error.statusCode === null) return afterNoAnswer(signal, left.has(idempotencyKey));
    return outcomeOf(answer.error.statusCode, answer.error.name, answer.headers?.["retry-after"]);
  } catch {
    return afterNoAnswer(signal, left.has(idempotencyKey));
  } finally {
    left.delete(idempotencyKey);
  }
};

function afterNoAnswer(signal: AbortSignal, hasLeft: boolean): Outcome {
  if (signal.aborted) return { unknown: "timeout" };
  return hasLeft ? { unknown: "no_answer" } : { retry: "not_connected" };
}

function outcomeOf(status: number, name: string, retryAfter: string | undefined): Outcome {
  const problem = `resend_${status}_${name.replace(/[^a-z_]/g, "").slice(0, 40)}`;
  const afterSeconds = Number(retryAfter) || undefined;
  if (status === 429 || status === 503) return { retry: problem, afterSeconds };
  // 409: another attempt with this key is under way, or was one in other words.
  if (status === 409 || status >= 500 || status === 408) return { unknown: problem };
  // A wrong key, address of ours or base URL is our mistake: once it is put right, the mails that waited must go.
  if ([401, 403, 404, 405].includes(status) || name === "invalid_from_address") return { retry: problem, afterSeconds };
  return { refused: problem };
}
