import type { Duty } from "@/lib/staff/duties";
import type { UserClass } from "@/lib/corporation/user-classes";

export const loginPassword = "Ichido-demo-2026";
export const confirmationPassword = "Kakunin-demo-2026";
export const activationPassword = "20261122";

export type Part = { loginId: string; name: string; userClass: UserClass; token: "none" | "in_use" | "revoked" | "issued"; suspended?: true };

/** The cast of the notice. */
export const dataShoji: { contractNumber: string; name: string; cast: Part[] } = {
  contractNumber: "1000001",
  name: "データ商事株式会社",
  cast: [
    { loginId: "haruki", name: "データ花子", userClass: "administrator", token: "in_use" },
    { loginId: "ichiro", name: "データ一郎", userClass: "general", token: "none" },
    { loginId: "jiro", name: "データ二郎", userClass: "general", token: "revoked" },
    { loginId: "sakuro", name: "データ三郎", userClass: "master", token: "in_use" },
    { loginId: "sachiko", name: "データ幸子", userClass: "general", token: "in_use", suspended: true },
    { loginId: "tarou", name: "データ太郎", userClass: "general", token: "issued" },
  ],
};

/** Not applied: its users log in with the password alone. */
export const mihonKogyo: { contractNumber: string; name: string; cast: Part[] } = {
  contractNumber: "1000002",
  name: "見本工業株式会社",
  cast: [{ loginId: "mihon", name: "見本一郎", userClass: "master", token: "none" }],
};

/** 職員: one of each duty, at one branch. */
export const staffCast: { staffId: string; name: string; duty: Duty }[] = [
  { staffId: "clerk", name: "窓口春子", duty: "clerk" },
  { staffId: "approver", name: "役席夏夫", duty: "approver" },
  { staffId: "auditor", name: "監査秋子", duty: "auditor" },
];
export const staffBranch = "本店営業部";

export const mailAddressOf = (loginId: string) => `${loginId}@example.jp`;
