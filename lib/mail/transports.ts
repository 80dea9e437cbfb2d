import { resend } from "./resend";
import { smtp } from "./smtp";
import { oneOf } from "./transport";

/** `mailTransports` are the values MAIL_TRANSPORT may have in this build; `mailTransport()` is the chosen one. */
export const { mailTransports, mailTransport } = oneOf({ resend, smtp });
