/** あと 12 分 30 秒 */
export function remaining(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `あと ${hours} 時間 ${minutes} 分`;
  return minutes > 0 ? `あと ${minutes} 分 ${seconds % 60} 秒` : `あと ${seconds} 秒`;
}
