import { firstProblems } from "@/lib/platform/http";
import { auditFields, searchAudit } from "@/lib/staff/audit-search";
import { staffMay } from "@/lib/staff/duties";
import { recordRead, requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

export const GET = staffGet(async ({ request, caller }) => {
  const session = await requireStaff(request, "read");
  const { cursor = null, ...asked } = Object.fromEntries(new URL(request.url).searchParams);
  const common = { ...staffViewer(session), mayExport: staffMay("export_audit", session.staff.duty) };
  const query = auditFields.safeParse(asked);
  if (!query.success) return { ...common, key: asked.key ?? "", problem: null, fields: firstProblems(query.error), rows: null, older: null };
  const { about, ...page } = await searchAudit(query.data, cursor);
  if (query.data.key) await recordRead(caller, session, { name: "staff.audit_read", key: query.data.key }, about);
  return { ...common, fields: {}, ...page };
});
