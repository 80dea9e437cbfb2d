type StateDiagramProps<State extends string, Event extends string> = {
  /** Of this diagram on its screen. */
  id: string;
  name: string;
  states: readonly State[];
  stateNames: Record<State, string>;
  events: readonly Event[];
  eventNames: Record<Event, string>;
  after: (state: State, event: Event) => State | undefined;
};

const pitch = 240; // from one state to the next: wider than any label
const box = { width: 136, height: 48 };
const margin = { side: 24 + box.width / 2, end: 28 };
const lift = (span: number) => (span === 0 ? 44 : 4 + span * 48); // how far an arrow's label stands from the states
const port = { first: 26, step: 18 }; // where arrows leave and come in, from a state's middle

type Arrow = { from: number; to: number; words: string };

/**
 * A state machine drawn from its table: the states in a row, arrows that go on above it, arrows that go back below. An arrow rises with the
 * number of states it passes, so that no two labels meet; what leads from one state to the same other is one arrow.
 */
export function StateDiagram<State extends string, Event extends string>({ id, name, states, stateNames, events, eventNames, after }: StateDiagramProps<State, Event>) {
  const transitions = states.flatMap((from) => events.flatMap((event) => {
    const to = after(from, event);
    return to === undefined ? [] : [{ from, to, words: eventNames[event] }];
  }));
  const arrows = joined(transitions.map(({ from, to, words }) => ({ from: states.indexOf(from), to: states.indexOf(to), words })));
  const highest = (side: (arrow: Arrow) => boolean) => Math.max(0, ...arrows.filter(side).map(({ from, to }) => lift(Math.abs(to - from))));
  const middle = highest(({ from, to }) => to >= from) + margin.end + box.height / 2;
  const width = 2 * margin.side + (states.length - 1) * pitch;
  const height = middle + highest(({ from, to }) => to < from) + margin.end + box.height / 2;
  const x = (index: number) => margin.side + index * pitch;

  return (
    <section className="flex flex-col gap-2">
      <h2 id={`${id}-name`} className="text-base">
        {name}
      </h2>
      <div role="region" aria-labelledby={`${id}-name`} tabIndex={0} className="overflow-x-auto rounded-8 border border-solid-gray-420 p-2">
        <svg
          role="img"
          aria-label={`${name}の図：${states.map((state) => stateNames[state]).join("、")}。矢印は、下の一覧のとおりです。`}
          aria-describedby={`${id}-list`}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          className="max-w-none text-sm"
        >
          <defs>
            <marker id={`${id}-head`} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto" className="fill-solid-gray-700">
              <path d="M0 0 10 5 0 10Z" />
            </marker>
          </defs>
          {arrows.map((arrow) => (
            <path key={`${arrow.from} ${arrow.to}`} d={curve(arrow, arrows, x, middle)} fill="none" strokeWidth="1.5" markerEnd={`url(#${id}-head)`} className="stroke-solid-gray-700" />
          ))}
          {states.map((state, index) => (
            <g key={state}>
              <rect x={x(index) - box.width / 2} y={middle - box.height / 2} width={box.width} height={box.height} rx="8" strokeWidth="2" className="fill-green-50 stroke-green-900" />
              <text x={x(index)} y={middle} textAnchor="middle" dominantBaseline="central" className="fill-solid-gray-800 font-bold">
                {stateNames[state]}
              </text>
            </g>
          ))}
          {arrows.map((arrow) => (
            <text
              key={`${arrow.from} ${arrow.to}`}
              {...labelAt(arrow, x, middle)}
              textAnchor="middle"
              dominantBaseline="central"
              paintOrder="stroke"
              strokeWidth="8"
              strokeLinejoin="round"
              className="fill-solid-gray-800 stroke-white"
            >
              {arrow.words}
            </text>
          ))}
        </svg>
      </div>
      <ul id={`${id}-list`} className="grid gap-x-8 sm:grid-cols-2">
        {transitions.map(({ from, to, words }) => (
          <li key={`${from} ${words}`}>
            {stateNames[from]} → {stateNames[to]}（{words}）
          </li>
        ))}
      </ul>
      <p>この一覧にない操作は、受け付けられません。</p>
    </section>
  );
}

/** What leads from one state to the same other is one arrow with all the words. */
function joined(arrows: Arrow[]): Arrow[] {
  const byWay = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const way = `${arrow.from} ${arrow.to}`;
    const known = byWay.get(way);
    byWay.set(way, known ? { ...known, words: `${known.words}・${arrow.words}` } : arrow);
  }
  return [...byWay.values()];
}

const backwards = ({ from, to }: Arrow) => to < from;
const length = ({ from, to }: Arrow) => Math.abs(to - from);

function labelAt(arrow: Arrow, x: (index: number) => number, middle: number) {
  const away = box.height / 2 + lift(length(arrow));
  return { x: (x(arrow.from) + x(arrow.to)) / 2, y: backwards(arrow) ? middle + away : middle - away };
}

/** The longer an arrow, the nearer to the state's middle it leaves and comes in: arrows of one state do not cross. */
function curve(arrow: Arrow, arrows: Arrow[], x: (index: number) => number, middle: number): string {
  const down = backwards(arrow) ? 1 : -1;
  const edge = middle + (down * box.height) / 2;
  const apex = edge + (down * lift(length(arrow)) * 4) / 3; // a cubic curve reaches three quarters of the way to its controls
  if (length(arrow) === 0) {
    const at = x(arrow.from);
    return `M${at - 10} ${edge} C${at - 40} ${apex} ${at + 40} ${apex} ${at + 10} ${edge}`;
  }
  const sameSide = arrows.filter((other) => length(other) > 0 && backwards(other) === backwards(arrow));
  const rank = (end: "from" | "to") => sameSide.filter((other) => other[end] === arrow[end] && length(other) > length(arrow)).length;
  const towards = Math.sign(arrow.to - arrow.from);
  const start = x(arrow.from) + towards * (port.first + rank("from") * port.step);
  const end = x(arrow.to) - towards * (port.first + rank("to") * port.step);
  return `M${start} ${edge} C${start} ${apex} ${end} ${apex} ${end} ${edge}`;
}
