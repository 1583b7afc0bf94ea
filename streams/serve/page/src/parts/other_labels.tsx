import { otherLabels } from "../text/names";

/** The labels that an entity's name does not tell: without them two series of one thing look the same. */
export function OtherLabels({ labels, entity }: { labels: Record<string, string>; entity: string }) {
  const more = otherLabels(labels, entity);
  if (more.length === 0) return null;
  return (
    <span class="labels">
      {more.map(([name, value]) => (
        <small key={name} class="label">
          {name}={value}
        </small>
      ))}
    </span>
  );
}
