/** The longest text that is shown whole, in characters. */
const MOST_SHOWN = 200;

/** Characters that steer a terminal or change how others are shown: a name may hold any of them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name from a module as it can be put before people: invisible characters escaped, not endless. */
export function printable(name: string): string {
  const shown = name.length > MOST_SHOWN ? `${name.slice(0, MOST_SHOWN)}...` : name;
  return shown.replace(
    INVISIBLE,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
