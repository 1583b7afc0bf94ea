import { refine, route } from "../state/router";

interface ChoiceProps {
  /** The part of the address that holds the choice. */
  name: string;
  label: string;
  /** Values and their words; the first is what holds without a choice, its value is empty. */
  options: readonly (readonly [string, string])[];
}

/** One of a few, as buttons side by side. */
export function Choice({ name, label, options }: ChoiceProps) {
  const chosen = route.value.query.get(name) ?? "";
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {options.map(([value, words]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === chosen}
          onClick={() => refine({ [name]: value, way: "" })}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}
