import { useId } from "react";

type Destination = { path: string; words: string; about: string };

/** Where one can go from here, each with a sentence on what it is for. */
export function Destinations({ destinations }: { destinations: Destination[] }) {
  const id = useId();
  return (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {destinations.map(({ path, words, about }, index) => (
        <li key={path} className="rounded-8 border border-solid-gray-420 p-4">
          <p className="text-lg leading-150 font-bold">
            <a href={path} aria-describedby={`${id}-${index}`} className="inline-block py-1">
              {words}
            </a>
          </p>
          <p id={`${id}-${index}`} className="mt-1 text-sm leading-175">
            {about}
          </p>
        </li>
      ))}
    </ul>
  );
}
