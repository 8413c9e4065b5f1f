import { keys } from '../words/keys.ts';

/** Every key, and what it does. */
export function KeysList() {
  return (
    <dl className="keys">
      {keys.map(({ keys: names, does }) => (
        <div key={does}>
          <dt>{does}</dt>
          <dd>
            {names
              .flatMap((name) => name.split(' '))
              .map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
