import { policy, policyNumbers } from "@/lib/policy";
import { requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request }) => {
  const session = await requireStaff(request, "read");
  const numbers = Object.entries(policyNumbers).map(([name, { unit, variable, source }]) => ({ name, value: policy[name as keyof typeof policy], unit, variable, source }));
  return { ...staffViewer(session), numbers };
});
