import { waitingCases } from "@/lib/staff/case-list";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller }) => {
  const session = await requireStaff(request, "read");
  await recordRead(caller, session, { name: "staff.cases_listed" });
  return { ...staffViewer(session), ...(await waitingCases()) };
});
