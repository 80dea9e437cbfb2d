import { requireManager, viewerAnswer } from "@/lib/login/guards";
import { get } from "@/lib/platform/http";

export const GET = get(async ({ request }) => viewerAnswer(await requireManager(request)));
