import { readyToStart } from "@/lib/ready-to-start";

if (!(await readyToStart())) process.exitCode = 1;
