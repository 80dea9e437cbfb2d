/** 利用者区分. No I/O: pages say the same words. */
export const userClasses = ["master", "administrator", "general"] as const;
export type UserClass = (typeof userClasses)[number];

export const userClassNames: Record<UserClass, string> = { master: "マスターユーザ", administrator: "管理者ユーザ", general: "一般ユーザ" };

export const isManager = (userClass: UserClass): boolean => userClass !== "general";
