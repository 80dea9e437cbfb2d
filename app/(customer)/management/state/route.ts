import { glanceAt, serviceColumn } from "@/lib/corporation/glance";
import { requireManager, viewerAnswer } from "@/lib/login/guards";
import { serviceApplies } from "@/lib/login/states";
import { get } from "@/lib/platform/http";
import { policy } from "@/lib/policy";

export const GET = get(async ({ request }) => {
  const session = await requireManager(request, { more: serviceColumn });
  const { counts, able, expiries } = await glanceAt(session.corporation.id, session.now);
  return {
    ...viewerAnswer(session), counts, expiries, renewalDays: policy.renewalDays,
    serviceApplies: serviceApplies(session.serviceAppliesFrom, session.now),
    ableManagers: able.map(({ name, userClass }) => ({ name, userClass })),
  };
});
