import { hashPassword } from "@/lib/platform/password";
import type { Work } from "@/lib/platform/transaction";
import { newTemporaryPassword } from "./new-password";
import { endAccess } from "./session";
import type { Standing } from "./standing";

/** A 仮パスワード, to be shown once, and what is kept of it. */
export type TemporaryPassword = { password: string; hash: string };

export async function makeTemporaryPassword(): Promise<TemporaryPassword> {
  const password = newTemporaryPassword();
  return { password, hash: await hashPassword(password) };
}

type Issue = { target: Standing; temporary: TemporaryPassword };

/** Gives each of these users of one company another login password, to be changed at the next login; their sessions end. */
export function issueLoginPasswords(work: Work, issues: Issue[]): void {
  for (const { target: { user }, temporary } of issues) {
    work.changeUser(user.id, { loginPasswordHash: temporary.hash, loginPasswordTemporary: true, loginFailures: 0, loginStoppedUntil: null });
    work.record({ name: "login_password.issued", userId: user.id });
  }
  endAccess(work, issues.map(({ target }) => target), "password_changed");
}

/** The same for the confirmation password, whose 利用停止 ends with it (R18). */
export function issueConfirmationPasswords(work: Work, issues: Issue[]): void {
  for (const { target: { user }, temporary } of issues) {
    work.changeUser(user.id, { confirmationPasswordHash: temporary.hash, confirmationPasswordTemporary: true, confirmationFailures: 0, confirmationSuspendedAt: null });
    work.record({ name: "confirmation_password.issued", userId: user.id });
  }
  endAccess(work, issues.map(({ target }) => target), "password_changed");
}
