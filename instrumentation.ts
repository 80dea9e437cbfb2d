/** Runs once when a server process starts: refuses a broken environment, then starts what works in the background. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startBackground } = await import("./lib/background");
  startBackground();
}
