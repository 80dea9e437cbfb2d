import { z } from "zod";
import { searchContracts } from "@/lib/staff/contracts";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

const key = z.string().max(100).catch("");

export const GET = staffGet(async ({ request, caller }) => {
  const session = await requireStaff(request, "read");
  const { ids, ...search } = await searchContracts(key.parse(new URL(request.url).searchParams.get("key")));
  if (search.found) await recordRead(caller, session, { name: "staff.searched", key: search.key, found: search.found.map(({ contractNumber }) => contractNumber) }, ids);
  return { ...staffViewer(session), ...search };
});
