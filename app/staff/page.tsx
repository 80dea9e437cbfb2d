import type { Metadata } from "next";
import { Home } from "./home";

export const dynamic = "error";
export const metadata: Metadata = { title: { absolute: "営業店コンソール" } };

export default function Page() {
  return <Home />;
}
