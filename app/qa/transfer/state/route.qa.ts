import { requireUser, viewerAnswer } from "@/lib/login/guards";
import { get } from "@/lib/platform/http";

export const GET = get(async ({ request }) => viewerAnswer(await requireUser(request)));
