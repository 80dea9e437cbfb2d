import { z } from "zod";
import { attestationField, passkeyNameField } from "@/lib/passkey/fields";
import { actAsStaff, byStaff, standingOfStaffSession } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { registerStaffPasskey } from "@/lib/staff/passkey";

const back = "/staff/passkeys";
const fields = z.object({ passkeyName: passkeyNameField, credential: attestationField });

export const POST = staffPost({ fields, back, guard: byStaff("keep_passkeys") }, async ({ request, caller, session, input }) => {
  const result = await actAsStaff(request, caller, session, standingOfStaffSession(session, "keep_passkeys"), (work, { standing }) =>
    registerStaffPasskey(work, standing, { name: input.passkeyName, presented: input.credential }));
  return result.ok ? { go: back, extras: { done: "registered" } } : { refusal: result.refusal };
});
