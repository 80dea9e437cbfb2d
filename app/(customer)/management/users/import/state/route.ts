import { requireManager, viewerAnswer } from "@/lib/login/guards";
import { get } from "@/lib/platform/http";
import { policy } from "@/lib/policy";

export const GET = get(async ({ request }) => ({ ...viewerAnswer(await requireManager(request)), usersPerImport: policy.usersPerImport }));
