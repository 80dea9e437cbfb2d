import { randomBytes, randomUUID } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { staff } from "@/drizzle/schema";
import { userNameField } from "@/lib/corporation/user-fields";
import { makeTemporaryPassword } from "@/lib/login/temporary-password";
import { institution } from "@/lib/platform/institution";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { duties } from "./duties";
import { sealStaffKey } from "./key";
import { revokeStaffPasskeys } from "./passkey";
import { endStaffAccess } from "./session";
import type { StaffStanding } from "./standing";

const line = (what: string, most: number) => z.string({ error: `${what} is needed` }).trim().min(1, `${what} is empty`).max(most, `${what} has at most ${most} characters`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+$/u, `${what} must be printable, on one line`);

/** What an operator says of a member of staff, with the words for what is wrong. */
export const staffFields = z.object({
  staffId: z.string({ error: "--id is needed" }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,29}$/, "--id has 3 to 30 letters, digits, dots, hyphens or underscores"),
  name: line("--name", 60).pipe(userNameField),
  branch: line("--branch", 40),
  duty: z.enum(duties, { error: `--duty is one of ${duties.join(", ")}` }),
});

export type NewStaff = z.output<typeof staffFields>;

/** What the operator hands over, once: it is kept nowhere in this form. */
export type Handover = { temporaryPassword?: string; keyUri?: string };

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function inBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{1,5}/g)!.map((five) => base32[parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** Key URI for an authenticator app: HMAC-SHA-1, which every one of them knows, and our time step. */
function keyUri(staffId: string, key: Uint8Array): string {
  const issuer = encodeURIComponent(`${institution().name} 営業店コンソール`);
  return `otpauth://totp/${issuer}:${encodeURIComponent(staffId)}?secret=${inBase32(key)}&issuer=${issuer}&algorithm=SHA1&digits=${policy.digits}&period=${policy.timeStepSeconds}`;
}

const keyBytes = 20; // RFC 4226 R6: 160 bits

/** Registers a member of staff with a temporary password and a key for the second factor. Answers undefined where the ID is somebody's, of whatever spelling. */
export async function createStaff(work: Work, { staffId, name, branch, duty }: NewStaff): Promise<Handover | undefined> {
  const temporary = await makeTemporaryPassword();
  const id = randomUUID();
  const key = randomBytes(keyBytes);
  const [created] = await work.tx.insert(staff).values({
    id, staffId, name, branch, duty, passwordHash: temporary.hash, passwordTemporary: true, sealedKey: sealStaffKey(id, key), algorithm: "SHA-1", createdAt: work.now,
  }).onConflictDoNothing().returning({ id: staff.id });
  if (!created) return undefined;
  work.record({ name: "staff.created", staffId, duty, branch });
  return { temporaryPassword: temporary.password, keyUri: keyUri(staffId, key) };
}

export type StaffChange = Partial<Pick<NewStaff, "name" | "branch" | "duty">> & { newPassword?: boolean; newKey?: boolean; removePasskeys?: boolean; lift?: boolean; end?: boolean };

/** Changes a member of staff; their session ends with it, whatever it was. */
export async function changeStaff(work: Work, standing: StaffStanding, { newPassword, newKey, removePasskeys, lift, end, ...data }: StaffChange): Promise<Handover> {
  const { staff: row } = standing;
  const temporary = newPassword ? await makeTemporaryPassword() : undefined;
  const key = newKey ? randomBytes(keyBytes) : undefined;
  const columns = {
    ...data,
    ...(temporary && { passwordHash: temporary.hash, passwordTemporary: true, passwordFailures: 0, passwordStoppedUntil: null }),
    ...(key && { sealedKey: sealStaffKey(row.id, key), algorithm: "SHA-1" as const, lastTimeStep: null }),
    ...((lift || key) && { oneTimePasswordFailures: 0, suspendedAt: null }),
    ...(end && { endedAt: work.now, passwordHash: "", sealedKey: sealStaffKey(row.id, randomBytes(keyBytes)) }), // nobody's any more
  };
  if (Object.keys(columns).length > 0) await work.tx.update(staff).set(columns).where(and(eq(staff.id, row.id), isNull(staff.endedAt)));
  if (removePasskeys || end) await revokeStaffPasskeys(work, standing);
  await endStaffAccess(work, standing, "changed");
  const changed = [...Object.keys(data), ...(newPassword ? ["password"] : []), ...(newKey ? ["key"] : []), ...(removePasskeys ? ["passkeys"] : []), ...(lift ? ["lift"] : []), ...(end ? ["end"] : [])];
  work.record({ name: "staff.changed", staffId: row.staffId, duty: data.duty ?? row.duty, branch: data.branch ?? row.branch, changed });
  return { ...(temporary && { temporaryPassword: temporary.password }), ...(key && { keyUri: keyUri(row.staffId, key) }) };
}
