/** Digits people copy: the gaps are margins, so that text and clipboard hold exactly the digits. */
export function GroupedDigits({ digits, by = 4 }: { digits: string; by?: number }) {
  const groups = digits.match(new RegExp(`.{1,${by}}`, "gu")) ?? [];
  return (
    <span className="digits whitespace-nowrap">
      {groups.map((group, index) => (
        <span key={index} className={index > 0 ? "ml-[0.5em]" : undefined}>
          {group}
        </span>
      ))}
    </span>
  );
}
