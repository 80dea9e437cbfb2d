import { sortableDate } from "@/lib/platform/japan-time";
import { csvFile } from "@/lib/platform/http";
import { auditCsv, auditFields } from "@/lib/staff/audit-search";
import { recordRead, requireStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: auditFields, back: "/staff/audit" }, async ({ request, caller, input }) => {
  const session = await requireStaff(request, "export_audit");
  const chunks = await auditCsv(input);
  if (!chunks) return { fields: { key: "契約番号、ログインID、職員ID、受付番号のいずれかの全体を入力してください。" } };
  await recordRead(caller, session, { name: "staff.audit_exported", key: input.key });
  const day = sortableDate(session.now);
  return csvFile(`監査ログ_${day}.csv`, `audit-${day}.csv`, chunks);
});
