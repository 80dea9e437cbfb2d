import { readyToStart } from "@/lib/platform/migrate";

if (!(await readyToStart())) process.exitCode = 1;
