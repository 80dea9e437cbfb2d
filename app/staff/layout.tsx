import type { Metadata } from "next";
import type { ReactNode } from "react";

export const metadata: Metadata = { title: { template: "%s｜営業店コンソール", default: "営業店コンソール" } };

export default function CounterLayout({ children }: { children: ReactNode }) {
  return children;
}
