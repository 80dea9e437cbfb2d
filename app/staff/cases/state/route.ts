import { waitingCases } from "@/lib/staff/case-list";
import { requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request }) => {
  const session = await requireStaff(request, "read");
  return { ...staffViewer(session), waiting: await waitingCases(session.staff.id) };
});
