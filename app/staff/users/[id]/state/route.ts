import { z } from "zod";
import { staffUserPage } from "@/lib/staff/contracts";
import { recordRead, refuseRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller, params }) => {
  const session = await requireStaff(request, "read");
  const id = z.uuid().safeParse(params.id);
  const found = (id.success ? await staffUserPage(id.data) : undefined) ?? (await refuseRead(request, session, "unknown_user"));
  const { corporationId, ...page } = found;
  await recordRead(caller, session, { name: "staff.user_read", userId: page.shown.id }, [corporationId]);
  return { ...staffViewer(session), ...page };
});
