/** ワンタイムパスワード認証状態. No I/O: the console draws it. */
export const verificationStates = ["usable", "suspended"] as const;
type VerificationState = (typeof verificationStates)[number];

export const verificationEvents = ["suspend", "lift"] as const;
type VerificationEvent = (typeof verificationEvents)[number];

export const verificationStateNames: Record<VerificationState, string> = { usable: "利用可能", suspended: "利用停止" };
export const verificationEventNames: Record<VerificationEvent, string> = { suspend: "利用停止", lift: "停止解除" };

const transitions: Record<VerificationState, Partial<Record<VerificationEvent, VerificationState>>> = {
  usable: { suspend: "suspended" }, // the last wrong one-time password that R7 allows
  suspended: { lift: "usable" }, // by another manager, or by the counter
};

/** *Suspended* means an open row. */
export const verificationState = ({ suspendedAt }: { suspendedAt: Date | null }): VerificationState => (suspendedAt ? "suspended" : "usable");

/** The state that follows, or undefined: then the event is a refusal. A token's own state has no part in it (R7). */
export const afterVerification = (state: VerificationState, event: VerificationEvent): VerificationState | undefined => transitions[state][event];
