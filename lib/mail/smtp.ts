import { PassThrough } from "node:stream";
import nodemailer from "nodemailer";
import { env } from "@/lib/platform/env";
import { messageId, type Outcome, type Transport } from "./transport";

type SmtpError = { code?: string; responseCode?: number };

/** SMTP knows no idempotency key: a mail whose outcome was lost is sent again, with the same Message-ID. */
export const smtp: Transport = async (mail, { idempotencyKey, signal }) => {
  const { SMTP_URL, MAIL_FROM } = env();
  const { to, subject, text, html } = mail;
  const transporter = nodemailer.createTransport({ url: SMTP_URL, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 9_000 });
  let begun = false;
  // The content is asked for when connection and login stand; what fails before cannot have been accepted.
  transporter.use("stream", ({ message }, done) => {
    message.transform(() => { begun = true; return new PassThrough(); });
    done();
  });
  try {
    await transporter.sendMail({
      from: MAIL_FROM, to, subject, text, html, messageId: messageId(idempotencyKey, MAIL_FROM),
      disableFileAccess: true, disableUrlAccess: true, signal,
    });
    return "sent";
  } catch (error) {
    return outcomeOf(error as SmtpError, begun);
  } finally {
    transporter.close();
  }
};

function outcomeOf({ code = "failed", responseCode }: SmtpError, begun: boolean): Outcome {
  const problem = `smtp_${responseCode ?? code}`;
  if (!begun) return { retry: problem }; // connection, greeting, TLS, login
  if (responseCode === undefined) return code === "EENVELOPE" ? { refused: problem } : { unknown: problem };
  return responseCode >= 500 ? { refused: problem } : { retry: problem };
}
