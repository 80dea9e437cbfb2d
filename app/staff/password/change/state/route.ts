import { requireAnyStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request }) => {
  const session = await requireAnyStaff(request);
  return { ...staffViewer(session), temporary: session.staff.passwordTemporary };
});
