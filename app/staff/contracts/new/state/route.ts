import { contractForm } from "@/lib/staff/case-page";
import { requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request }) => {
  const session = await requireStaff(request, "enter_case");
  return { ...staffViewer(session), ...(await contractForm(session, new URL(request.url).searchParams.get("again") ?? "")) };
});
