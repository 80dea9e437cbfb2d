import { database, withinDeadline } from "@/lib/platform/database";
import type { StaffPasskeysAnswer } from "@/lib/staff/answers";
import { passkeyIsMissing, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";
import { staffPasskeysOf } from "@/lib/staff/passkey-store";

export const GET = staffGet(async ({ request }): Promise<StaffPasskeysAnswer> => {
  const session = await requireStaff(request, "keep_passkeys");
  const registered = await withinDeadline(staffPasskeysOf(database(), session.staff.id));
  const passkeys = registered.map(({ id, name, registeredAt, lastUsedAt }) => ({ id, name, registeredAt: registeredAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null }));
  return { ...staffViewer(session), passkeys, missing: await passkeyIsMissing(session.staff.id) };
});
