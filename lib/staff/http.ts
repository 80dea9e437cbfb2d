import { asStaff } from "@/lib/platform/database";
import { handlers } from "@/lib/platform/http";
import { staffOrigins } from "@/lib/platform/origins";
import { requireStaffHost } from "./host";

/** The counter's route handlers: on the console's host, for posts from its own pages, with the console's database role. As `post` and `get` otherwise. */
export const { post: staffPost, get: staffGet } = handlers({ login: "/staff/login", mayBeHere: requireStaffHost, origins: staffOrigins, as: asStaff });
