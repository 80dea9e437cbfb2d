import { env } from "@/lib/platform/env";
import { messageId, type Outcome, type Transport } from "./transport";

// Failures of a request that never left: no connection, or a certificate that is not the provider's.
const notConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|UNABLE_TO_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*)$/;

/**
 * Resend's HTTP interface. Not through its SDK, which answers a refused connection and one cut after the mail was accepted
 * with the same error: the first may be repeated for ever, the second only while Resend remembers the idempotency key.
 */
export const resend: Transport = async (mail, { idempotencyKey, signal }) => {
  const { RESEND_API_KEY, RESEND_BASE_URL = "https://api.resend.com", MAIL_FROM } = env();
  const { to, subject, text, html } = mail;
  let response: Response;
  try {
    response = await fetch(`${RESEND_BASE_URL.replace(/\/+$/, "")}/emails`, {
      method: "POST",
      redirect: "error",
      signal,
      headers: {
        "Authorization": `Bearer ${RESEND_API_KEY}`,
        "Content-Type": "application/json",
        "Idempotency-Key": idempotencyKey,
        "User-Agent": "ichido",
      },
      body: JSON.stringify({ from: MAIL_FROM, to: [to], subject, text, html, headers: { "Message-ID": messageId(idempotencyKey, MAIL_FROM) } }),
    });
  } catch (error) {
    return afterNoAnswer(error, signal);
  }
  const answer = await response.json().catch(() => undefined) as { name?: unknown } | undefined;
  return outcomeOf(response, typeof answer?.name === "string" ? answer.name.replace(/[^a-z_]/g, "").slice(0, 40) : "");
};

function afterNoAnswer(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return { unknown: "timeout" };
  const { code, errors } = ((error as Error).cause ?? {}) as { code?: string; errors?: { code?: string }[] };
  const name = code ?? errors?.[0]?.code ?? "no_answer"; // several addresses of one host: an AggregateError
  return notConnected.test(name) ? { retry: name } : { unknown: name };
}

function outcomeOf({ ok, status, headers }: Response, name: string): Outcome {
  if (ok) return "sent"; // also where the body was cut: it was accepted
  const problem = `resend_${status}${name && `_${name}`}`;
  const afterSeconds = Number(headers.get("retry-after")) || undefined;
  if (status === 429 || status === 503) return { retry: problem, afterSeconds };
  if (status === 409) return { unknown: problem }; // another attempt with this key is under way, or was one in other words
  if (status >= 500 || status === 408) return { unknown: problem };
  // A wrong key, address of ours or base URL is our mistake: once it is put right, the mails that waited must go.
  if ([401, 403, 404, 405].includes(status) || name === "invalid_from_address") return { retry: problem, afterSeconds };
  return { refused: problem };
}
