import { helpDeskIsOpen, institution } from "@/lib/platform/institution";
import { json } from "@/lib/platform/http";
import { systemNow } from "@/lib/platform/system-clock";
import { policy } from "@/lib/policy";

export const dynamic = "force-dynamic";

/** What prerendered pages print about the bank and its numbers: one build serves any bank. No database, nothing about anybody. */
export function GET(): Response {
  const { name, helpDesk } = institution();
  const { timeStepSeconds, digits, waitAfterRevocationMinutes, halfLoginMinutes, issuanceValidityHours, permissionDays, renewalDays } = policy;
  return json({
    name,
    helpDesk: { ...helpDesk, open: helpDeskIsOpen(systemNow()) },
    policy: { timeStepSeconds, digits, waitAfterRevocationMinutes, halfLoginMinutes, issuanceValidityHours, permissionDays, renewalDays },
  }, 200, { "cache-control": "public, max-age=60" });
}
