import { companyOf, contractForm } from "@/lib/staff/case-page";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller }) => {
  const session = await requireStaff(request, "enter_case");
  const { sentBack, ...form } = await contractForm(session, new URL(request.url).searchParams.get("again") ?? "");
  if (sentBack) await recordRead(caller, session, { name: "staff.case_read", caseNumber: sentBack.found.number }, companyOf(sentBack));
  return { ...staffViewer(session), ...form };
});
