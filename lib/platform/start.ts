/** Whether this build may serve here. A production build may anywhere. */
export const startProblems = (): string[] => [];
