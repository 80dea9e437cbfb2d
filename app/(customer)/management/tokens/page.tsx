import type { Metadata } from "next";
import { Tokens } from "./tokens";

export const dynamic = "error";
export const metadata: Metadata = { title: "トークンの失効" };

export default function Page() {
  return <Tokens />;
}
